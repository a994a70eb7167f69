import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { AnswerReader } from './answer-reader.js';
import type { ReadAnswer } from './answer-reader.js';
import type { LoadFigures, LoadOrder } from './load-order.js';
import { cpuSeconds, residentMemory } from './process-usage.js';

interface Usage {
  readonly at: number;
  readonly server: number;
  readonly own: number;
}

/** A closed loop: every connection sends its next request when its last one is answered. */
export class LoadWindow {
  readonly #order: LoadOrder;
  readonly #latencies: number[] = [];
  readonly #sockets = new Set<Socket>();
  #next = 0;
  #answered = 0;
  #failures = 0;
  #begun: Usage | undefined;
  #ended = false;
  #end: () => void = () => undefined;

  constructor(order: LoadOrder) {
    this.#order = order;
  }

  async run(): Promise<LoadFigures> {
    const { connections, warmUpMs, windowMs } = this.#order;
    const done = new Promise<void>((resolve) => (this.#end = resolve));
    for (let index = 0; index < connections; index += 1) {
      this.#open();
    }
    await pause(warmUpMs);
    this.#begun = this.#usage();
    const limit = setTimeout(this.#end, windowMs);
    await done;
    clearTimeout(limit);
    const figures = this.#figures(this.#usage());
    this.#ended = true;
    this.#sockets.forEach((socket) => socket.destroy());
    return figures;
  }

  #open(): void {
    const { port } = this.#order;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const reader = new AnswerReader();
    let sentAt = 0;
    const send = (): void => {
      const request = this.#nextRequest();
      if (request !== undefined) {
        sentAt = performance.now();
        socket.write(request, 'latin1');
      }
    };
    this.#sockets.add(socket);
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      const answer = reader.take(chunk);
      if (answer !== undefined) {
        this.#book(answer, performance.now() - sentAt);
        if (answer.last) {
          socket.destroy();
        } else {
          send();
        }
      }
    });
    socket.on('error', () => (this.#failures += 1));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (!this.#ended) {
        this.#open();
      }
    });
  }

  #nextRequest(): string | undefined {
    const { requests, once } = this.#order;
    const request = requests[this.#next];
    this.#next += 1;
    if (this.#next >= requests.length && !once) {
      this.#next = 0;
    }
    return request;
  }

  #book({ status, bytes }: ReadAnswer, ms: number): void {
    if (this.#begun !== undefined) {
      this.#latencies.push(ms);
    }
    if (status !== 200 || bytes < this.#order.leastBytes) {
      this.#failures += 1;
    }
    this.#answered += 1;
    if (this.#order.once && this.#answered === this.#order.requests.length) {
      this.#end();
    }
  }

  #usage(): Usage {
    const { user, system } = process.cpuUsage();
    const server = cpuSeconds(this.#order.serverPid);
    return { at: performance.now(), server, own: (user + system) / 1e6 };
  }

  #figures(ended: Usage): LoadFigures {
    const begun = this.#begun ?? ended;
    const seconds = (ended.at - begun.at) / 1_000;
    const requests = this.#latencies.length;
    const sorted = Float64Array.from(this.#latencies).sort();
    return {
      requests,
      failures: this.#failures,
      perSecond: requests / seconds,
      p50: sorted[Math.floor(requests * 0.5)] ?? Number.NaN,
      p99: sorted[Math.floor(requests * 0.99)] ?? Number.NaN,
      cpuMicros: ((ended.server - begun.server) / requests) * 1e6,
      serverBusy: (ended.server - begun.server) / seconds,
      generatorBusy: (ended.own - begun.own) / seconds,
      memory: residentMemory(this.#order.serverPid),
    };
  }
}
