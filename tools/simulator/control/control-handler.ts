import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import { keyLimitsSchema } from '../accounts/key-ring.js';
import { SimulatorInputError } from '../input.errors.js';
import { jsonReply, type Reply } from '../vendor/reply.js';
import { readBody, sendReply } from '../vendor/sending.js';
import {
  advanceSchema,
  faultSchema,
  historySchema,
  hostsSchema,
  intervalSchema,
  readInput,
} from './control-inputs.js';
import type { SimulatorControls } from './controls.js';
import { HELP } from './help.js';
import { worldGuide } from './world-guide.js';

const BODY_LIMIT = 8 * 1024 * 1024;

type Action = (controls: SimulatorControls, body: unknown) => unknown;

const putKeySchema = z.strictObject({
  key: z.string(),
  revoked: z.literal(true).optional(),
  ...keyLimitsSchema.shape,
});

function putKey(controls: SimulatorControls, body: unknown): unknown {
  const { key, revoked, ...limits } = readInput(putKeySchema, body);
  controls.setKey(key, revoked === true ? null : limits);
  return { key: controls.digestOf(key) };
}

// The schema is read once more inside the control: one place says what is allowed, both ways in.
const ACTIONS: Readonly<Record<string, Action>> = {
  'GET /_sim/world': (controls) => ({ today: controls.today(), ...worldGuide() }),
  'GET /_sim/faults': (controls) => controls.faults(),
  'POST /_sim/faults': (controls, body) => {
    controls.fault(readInput(faultSchema, body));
    return { faults: controls.faults().length };
  },
  'DELETE /_sim/faults': (controls) => {
    controls.clearFaults();
    return { faults: 0 };
  },
  'POST /_sim/advance': (controls, body) => {
    controls.advanceDays(readInput(advanceSchema, body).days);
    return { today: controls.today() };
  },
  'POST /_sim/history': (controls, body) => {
    const { host, type, intervals } = readInput(historySchema, body);
    controls.setHistory(host, type, intervals);
    return { host, type };
  },
  'POST /_sim/intervals': (controls, body) => {
    const { host, type, interval } = readInput(intervalSchema, body);
    controls.pushInterval(host, type, interval);
    return { host, type };
  },
  'POST /_sim/hosts': (controls, body) => {
    const { address, hostnames } = readInput(hostsSchema, body);
    controls.setHosts(address, hostnames);
    return { address };
  },
  'PUT /_sim/keys': putKey,
  'GET /_sim/requests': (controls) => controls.requests(),
  'GET /_sim/counters': (controls) => controls.counters(),
  'DELETE /_sim/counters': (controls) => {
    controls.resetCounters();
    return controls.counters();
  },
};

const METHODS_WITH_BODY = new Set(['POST', 'PUT']);

const HELP_REPLY: Reply = {
  status: 200,
  body: Buffer.from(HELP),
  contentType: 'text/plain; charset=utf-8',
};

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request, BODY_LIMIT);
  if (text === undefined) {
    throw new SimulatorInputError('body', `must not be longer than ${BODY_LIMIT} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new SimulatorInputError('body', 'must be JSON');
  }
}

function unknownReply(path: string): Reply {
  const allowed = Object.keys(ACTIONS).filter((name) => name.endsWith(` ${path}`));
  const status = allowed.length === 0 ? 404 : 405;
  return jsonReply(status, {
    error: status === 404 ? 'no such control' : 'no such method',
    allowed,
  });
}

async function replyOf(controls: SimulatorControls, request: IncomingMessage): Promise<Reply> {
  const { method = 'GET', url = '/' } = request;
  const path = url.replace(/\?.*$/s, '').replace(/\/$/, '');
  if (method === 'GET' && path === '/_sim') {
    return HELP_REPLY;
  }
  const action = ACTIONS[`${method} ${path}`];
  if (action === undefined) {
    return unknownReply(path);
  }
  const body = METHODS_WITH_BODY.has(method) ? await readJson(request) : undefined;
  return jsonReply(200, action(controls, body));
}

/** Answers `/_sim`: JSON in, JSON out; wrong input is a 400 that names the field and says why. */
export async function handleControl(
  controls: SimulatorControls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    sendReply(response, await replyOf(controls, request));
  } catch (error) {
    if (!(error instanceof SimulatorInputError)) {
      throw error;
    }
    const { code, field, reason } = error;
    sendReply(response, jsonReply(400, { code, field, reason }));
  }
}
