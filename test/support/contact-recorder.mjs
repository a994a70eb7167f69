/**
 * For `node --import`: writes every look-up, connection, datagram socket and child process of this
 * process as a line to the file that CONTACT_LOG names. It listens where Node hands work to the
 * system, below every module that could be used for it.
 */
import { createHook } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';

/** What each kind of request to the system says of itself. */
const SAYING = {
  TCPCONNECTWRAP: ({ address, port }) => `connect ${address}:${port}`,
  PIPECONNECTWRAP: ({ address }) => `connect ${address}`,
  GETADDRINFOREQWRAP: ({ hostname }) => `look up ${hostname}`,
  GETNAMEINFOREQWRAP: ({ hostname }) => `look up ${hostname}`,
  QUERYWRAP: ({ hostname }) => `look up ${hostname}`,
  UDPWRAP: () => 'open a datagram socket',
  PROCESSWRAP: () => 'start a process',
};

createHook({
  init(_id, type, _trigger, resource) {
    const say = Object.hasOwn(SAYING, type) ? SAYING[type] : undefined;
    if (say !== undefined) {
      // At once and in order: a process that is killed has written all that it did.
      appendFileSync(process.env.CONTACT_LOG, `${say(resource)}\n`);
    }
  },
}).enable();
