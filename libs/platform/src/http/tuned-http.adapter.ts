import { createServer } from 'node:http';

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
    this.httpServer = tuneServer(createServer(SERVER_OPTIONS, app));
  }
}
