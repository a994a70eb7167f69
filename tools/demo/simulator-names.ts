/** What the demo asks of its simulator beside what the relay asks. */
export interface DemoSimulator {
  /** Origin, without a path. */
  readonly url: string;
  readonly key: string;
}

const TRIES = 50;

/** A host name never asked about before (thanks to `tag`) about which the simulator knows something. */
export async function knownName(simulator: DemoSimulator, tag: string): Promise<string> {
  for (let number = 1; number < TRIES; number += 1) {
    const name = `shop-${tag}${number}.example.com`;
    if (await isKnown(simulator, name)) {
      return name;
    }
  }
  return 'moved.example.com';
}

/** How many API calls about names and addresses the simulator has answered. */
export async function callsAnswered(simulator: DemoSimulator): Promise<number> {
  const answer = await fetch(`${simulator.url}/_sim/counters`);
  const { byEndpoint } = (await answer.json()) as { byEndpoint: Record<string, number> };
  // Whoever counts the quota asks for it now and then, which is nobody's question.
  return (byEndpoint['history'] ?? 0) + (byEndpoint['list'] ?? 0);
}

async function isKnown({ url, key }: DemoSimulator, name: string): Promise<boolean> {
  const answer = await fetch(`${url}/v1/history/${name}/dns/a`, { headers: { apikey: key } });
  const body = (await answer.json()) as { records?: unknown[] };
  return (body.records ?? []).length > 0;
}
