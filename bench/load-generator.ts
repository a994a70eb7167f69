/**
 * The load, in a process of its own so that it has a core of its own: takes a LoadOrder as a
 * message, sends its LoadFigures back, until the parent goes away.
 */
import type { LoadOrder } from './load-order.js';
import { LoadWindow } from './load-window.js';

process.on('message', (order: LoadOrder) => {
  void new LoadWindow(order).run().then((figures) => process.send?.(figures));
});
process.on('disconnect', () => process.exit(0));
