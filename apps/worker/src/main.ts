import { productVersion } from '#core';
import { configFromProcess, createLogger, onShutdown } from '#platform';

import { createWorker, workerShutdown } from './worker.js';

const config = configFromProcess('worker');
const logger = createLogger({ level: config.log.level, name: 'worker' });
const app = await createWorker({ process: 'worker', config, logger, version: productVersion() });
onShutdown(workerShutdown(app), { logger });
await app.listen(config.worker.port, config.http.host);
logger.info({ event: 'listening', url: await app.getUrl() }, 'worker listens');
