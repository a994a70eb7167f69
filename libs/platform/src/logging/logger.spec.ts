import { Logger as NestFacade } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { serializeError } from './error-serializer.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { redact, registerSecret } from './redaction.js';
import type { LogLevel } from '../config/log.config.js';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJrZXkiOiJ4In0.c2lnbmF0dXJl';

function recording(level: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  };
  return { lines, logger: createLogger({ level, name: 'relay', destination }) };
}

describe('createLogger', () => {
  it('writes a JSON object with the level as a name and the time in ISO 8601', () => {
    const { logger, lines } = recording('info');
    logger.info({ event: 'started', port: 9090 }, 'listening');
    logger.debug('not at this level');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        pid: process.pid,
        name: 'relay',
        event: 'started',
        port: 9090,
        msg: 'listening',
      },
    ]);
  });

  it('keeps of an error only type, code, message and causes', () => {
    const { logger, lines } = recording('info');
    const cause = Object.assign(new RangeError('inner'), { code: 'ERR_INNER', body: 'canary' });
    const error = Object.assign(new Error('outer', { cause }), {
      command: { name: 'auth', args: ['canary'] },
    });
    logger.error({ err: error }, 'failed');
    logger.error(error);
    for (const line of lines) {
      expect(line['err']).toEqual({
        type: 'Error',
        message: 'outer',
        cause: { type: 'RangeError', message: 'inner', code: 'ERR_INNER' },
      });
    }
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it('adds the stack from debug on', () => {
    const { logger, lines } = recording('debug');
    logger.error({ err: new Error('boom') });
    expect(lines[0]?.['err']).toHaveProperty('stack', expect.stringContaining('logger.spec'));
  });

  it('hides secrets and tokens in whatever field they stand', () => {
    registerSecret('registered "canary"');
    const { logger, lines } = recording('info');
    logger.info({ deep: { list: ['registered "canary"'] }, [JWT]: 1 }, `Bearer ${JWT}`);
    logger.child({ url: 'redis://user:canary@192.0.2.1' }).info('child registered "canary"');
    const text = JSON.stringify(lines);
    expect(text).not.toMatch(/canary|eyJ/);
    expect(text).toContain('[redacted]');
  });
});

describe('redact', () => {
  it.each([
    [`token ${JWT}.`, 'token [redacted]'],
    ['Authorization: bearer abc.def-_~+/=', 'Authorization: bearer [redacted]'],
    ['at https://user:pw@example.com/x', 'at https://[redacted]@example.com/x'],
    [`{"msg":"line\\n${JWT}"}`, '{"msg":"line\\n[redacted]"}'],
    ['eyJust.a.word', 'eyJust.a.word'],
    ['mail to someone@example.com', 'mail to someone@example.com'],
  ])('makes of %j %j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('leaves short texts alone, since they occur in innocent words', () => {
    registerSecret('level');
    expect(redact('{"level":"info"}')).toBe('{"level":"info"}');
  });

  it('takes linear time on a long hostile text', () => {
    const begun = performance.now();
    redact('eyJ'.repeat(100_000));
    redact('://'.repeat(100_000));
    redact('bearer '.repeat(100_000));
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('serializeError', () => {
  it('names the type of what is no error, and shows nothing of it', () => {
    expect(serializeError('canary')).toEqual({ type: 'string', message: 'not an error object' });
    expect(serializeError(undefined)).toEqual({
      type: 'undefined',
      message: 'not an error object',
    });
  });

  it('bounds message and causes', () => {
    const loop = new Error('x'.repeat(10_000));
    loop.cause = loop;
    const logged = serializeError(loop);
    expect(logged.message).toHaveLength(500);
    expect(logged.cause?.cause?.cause).toBeDefined();
    expect(logged.cause?.cause?.cause?.cause).toBeUndefined();
  });
});

describe('NestLogger', () => {
  it('keeps what Nest says while booting for debug', () => {
    const quiet = recording('info');
    new NestLogger(quiet.logger).log('Starting Nest application...', 'NestFactory');
    expect(quiet.lines).toEqual([]);
    const chatty = recording('debug');
    new NestLogger(chatty.logger).log('Starting Nest application...', 'NestFactory');
    expect(chatty.lines).toEqual([
      expect.objectContaining({
        level: 'debug',
        context: 'NestFactory',
        msg: 'Starting Nest application...',
      }),
    ]);
  });

  it.each(['warn', 'error', 'fatal'] as const)('passes on %s with its context', (level) => {
    const { logger, lines } = recording('info');
    new NestLogger(logger)[level]('words', 'Context');
    expect(lines).toEqual([expect.objectContaining({ level, context: 'Context', msg: 'words' })]);
  });

  it('logs errors as errors, and drops the stack that Nest adds as text', () => {
    const { logger, lines } = recording('info');
    const facade = new NestFacade('Exceptions');
    NestFacade.overrideLogger(new NestLogger(logger));
    facade.error(new TypeError('broken'));
    facade.error('broken', 'Error: broken\n    at somewhere');
    NestFacade.overrideLogger(false);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      err: { type: 'TypeError', message: 'broken' },
      msg: 'broken',
      context: 'Exceptions',
    });
    expect(lines[1]).toMatchObject({ msg: 'broken', context: 'Exceptions' });
    expect(JSON.stringify(lines)).not.toContain('at somewhere');
  });

  it('passes on debug and verbose', () => {
    const { logger, lines } = recording('trace');
    const nest = new NestLogger(logger);
    nest.debug('one');
    nest.verbose({ not: 'a text' });
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['debug', 'one'],
      ['trace', 'nest'],
    ]);
  });
});
