import type { ServerResponse } from 'node:http';

/** An answer of fewer bytes is soon with the kernel, whether or not anybody reads it. */
const LARGE = 262_144;
/** How long a client may take over a large answer: 32 MiB at 5 Mbit/s. */
const TAKE_MS = 60_000;

/** Cuts off a client that does not take a large answer in time: unread, it lies in our memory. */
export function cutOffSlowReader(
  response: ServerResponse,
  length: number,
  limitMs = TAKE_MS,
): void {
  if (length < LARGE) {
    return;
  }
  const timer = setTimeout(() => {
    response.destroy();
  }, limitMs);
  response.once('close', () => {
    clearTimeout(timer);
  });
}
