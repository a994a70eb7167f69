import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import { SERVER_OPTIONS, tuneServer } from './server-options.js';

describe('tuneServer', () => {
  it('leaves the limits on the live server', () => {
    expect(tuneServer(createServer(SERVER_OPTIONS))).toMatchObject({
      headersTimeout: 5_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 65_000,
      maxRequestsPerSocket: 1_000,
    });
  });

  it('tunes a server that somebody else made', () => {
    expect(tuneServer(createServer())).toMatchObject({
      headersTimeout: 5_000,
      requestTimeout: 15_000,
    });
  });
});
