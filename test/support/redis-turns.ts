import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A way to a Redis that counts how often somebody waits for an answer, however much is asked at once. */
export interface CountedRedis {
  readonly url: string;
  /** Round trips so far, over all connections. */
  readonly turns: number;
  stop(): Promise<void>;
}

export async function countTurns(port: number): Promise<CountedRedis> {
  let turns = 0;
  const server = createServer((client) => {
    const redis = connect(port, '127.0.0.1');
    let answered = true;
    client.on('data', (bytes) => {
      turns += Number(answered);
      answered = false;
      redis.write(bytes);
    });
    redis.on('data', (bytes) => {
      answered = true;
      client.write(bytes);
    });
    const end = (): void => {
      client.destroy();
      redis.destroy();
    };
    for (const socket of [client, redis]) {
      socket.on('close', end).on('error', end);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${own}`,
    get turns() {
      return turns;
    },
    stop: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
