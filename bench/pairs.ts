import type { LoadFigures } from './load-order.js';

/** The same measurements of two sides, taken in turn. */
export interface Pairs {
  readonly ours: readonly LoadFigures[];
  readonly theirs: readonly LoadFigures[];
}

type Measure = () => Promise<LoadFigures>;

/** A, B, A, B …: what the machine does meanwhile meets both sides alike. */
export async function interleave(count: number, ours: Measure, theirs: Measure): Promise<Pairs> {
  const pairs = { ours: [] as LoadFigures[], theirs: [] as LoadFigures[] };
  for (let index = 0; index < count; index += 1) {
    pairs.ours.push(await ours());
    pairs.theirs.push(await theirs());
  }
  return pairs;
}

/** The ratio of each pair, ours to theirs, in the order they were taken. */
export function ratios({ ours, theirs }: Pairs, of: (one: LoadFigures) => number): number[] {
  return ours.map((one, index) => {
    const other = theirs[index];
    return other === undefined ? Number.NaN : of(one) / of(other);
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
