/** Memory that a process of ours takes, as its own metrics have it. */
export async function residentBytes(url: string): Promise<number> {
  const series = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes\S* (\S+)$/m.exec(series)?.[1]);
}
