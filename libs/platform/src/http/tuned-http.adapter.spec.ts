import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Express, Request, Response } from 'express';

import { TunedHttpAdapter } from './tuned-http.adapter.js';

describe('TunedHttpAdapter', () => {
  let server: Server;
  let url: string;
  const prototypes: unknown[] = [];

  beforeEach(async () => {
    const adapter = new TunedHttpAdapter();
    adapter.initHttpServer();
    server = adapter.getHttpServer();
    server.prependListener('request', (request, response) => {
      prototypes.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
    });
    adapter.getInstance<Express>().get('/path', (request: Request, response: Response) => {
      prototypes.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
      response.status(201).send(`${request.path} ${request.get('x-word') ?? ''}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it("gives handlers Express' requests and responses", async () => {
    const response = await fetch(`${url}/path`, { headers: { 'x-word': 'word' } });
    expect([response.status, await response.text()]).toEqual([201, '/path word']);
    expect(response.headers.has('x-powered-by') || response.headers.has('etag')).toBe(false);
  });

  it('makes them so that Express changes no prototype', async () => {
    prototypes.length = 0;
    await fetch(`${url}/path`);
    const [request, response, ...handled] = prototypes;
    expect(handled).toHaveLength(2);
    expect(handled[0]).toBe(request);
    expect(handled[1]).toBe(response);
  });
});
