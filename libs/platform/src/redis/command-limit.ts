import type { Cluster, Command, Redis } from 'ioredis';

type Sending = Parameters<Cluster['sendCommand']>;

/** Share of the limit by which a timer may be late before this process is the one that is slow. */
const LATE_SHARE = 0.2;

/**
 * Ends every command of a client with an error after so many milliseconds. ioredis' own
 * `commandTimeout` does not do: after a turn of the event loop that was longer than the limit the
 * timers run before the sockets are read, and it gives up answers that have long arrived. So this
 * lets the sockets be read once more before it gives up, and waits a second time when this process
 * was busy all the while.
 */
export function limitCommands(client: Redis | Cluster, ms: number): void {
  const send: (...sending: Sending) => unknown = client.sendCommand.bind(client);
  client.sendCommand = (...sending: Sending) => {
    limit(sending[0], ms);
    return send(...sending);
  };
}

function limit(command: Command, ms: number): void {
  const begun = performance.now();
  const passed = (): void => {
    if (performance.now() - begun > ms * (1 + LATE_SHARE)) {
      timer = setTimeout(giveUp, ms, command);
    } else {
      giveUp(command);
    }
  };
  let timer = setTimeout(passed, ms);
  const settled = (): void => {
    clearTimeout(timer);
  };
  command.promise.then(settled, settled);
}

function giveUp(command: Command): void {
  setImmediate(() => {
    if (!command.isSettled) {
      command.reject(new Error('Command timed out'));
    }
  });
}
