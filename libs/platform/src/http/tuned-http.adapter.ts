import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { ServerOptions } from 'node:http';

import { ExpressAdapter } from '@nestjs/platform-express';
import express from 'express';

import { SERVER_OPTIONS, tuneServer } from './server-options.js';

/**
 * Express without what this service does not need, on a server whose limits are set when it is
 * made: Node takes the checking interval at no other time.
 */
export class TunedHttpAdapter extends ExpressAdapter {
  constructor() {
    const app = express();
    // A POST answer is never compared with an older one: a digest of it is work for nobody.
    app.set('etag', false);
    app.set('query parser', 'simple');
    // The table of routes has one spelling of each path, and so has Cisco's relay.
    app.set('case sensitive routing', true);
    app.disable('x-powered-by');
    super(app);
  }

  override initHttpServer(): void {
    const app = this.getInstance<express.Express>();
    const options = { ...SERVER_OPTIONS, ...messageClasses(app) };
    this.httpServer = tuneServer(createServer(options, app));
  }
}

/**
 * Classes whose objects Express can take as they are. Otherwise it changes the prototype of every
 * request and response, which costs little by itself, but whatever uses them afterwards a lot.
 */
function messageClasses(app: express.Express): ServerOptions {
  class ExpressRequest extends IncomingMessage {}
  class ExpressResponse<R extends IncomingMessage> extends ServerResponse<R> {}
  Object.setPrototypeOf(ExpressRequest.prototype, app.request);
  Object.setPrototypeOf(ExpressResponse.prototype, app.response);
  Object.assign(app, { request: ExpressRequest.prototype, response: ExpressResponse.prototype });
  return { IncomingMessage: ExpressRequest, ServerResponse: ExpressResponse };
}
