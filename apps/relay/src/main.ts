import { productVersion } from '#core';
import { configFromProcess, createLogger, keepRequestsYoung, onShutdown } from '#platform';

import { createRelay, relayShutdown } from './relay.js';

keepRequestsYoung();
const config = configFromProcess('relay');
const logger = createLogger({ level: config.log.level, name: 'relay' });
const app = await createRelay({ process: 'relay', config, logger, version: productVersion() });
onShutdown(relayShutdown(app), { logger });
await app.listen(config.http.port, config.http.host);
logger.info({ event: 'listening', url: await app.getUrl() }, 'relay listens');
