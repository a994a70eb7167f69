import { describe, expect, it } from '@jest/globals';
import { Counter } from 'prom-client';
import { createMetrics, METRIC_PREFIX, renderMetrics } from './metrics.js';

describe('createMetrics', () => {
  it('says what is running, beside the default metrics', async () => {
    const { body } = await renderMetrics(createMetrics({ process: 'relay', version: '1.2.3' }));
    expect(body).toContain(
      `st_build_info{process="relay",version="1.2.3",node="${process.version}"} 1`,
    );
    expect(body).toContain('process_resident_memory_bytes');
  });

  it('renders OpenMetrics: its content type, its end mark, counters with _total', async () => {
    const registry = createMetrics({ process: 'worker', version: '0' });
    const name = `${METRIC_PREFIX}calls`;
    new Counter({ name, help: 'Calls.', registers: [registry] }).inc(2);
    const { contentType, body } = await renderMetrics(registry);
    expect(contentType).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(body.endsWith('# EOF\n')).toBe(true);
    expect(body).toContain('# TYPE st_calls counter\nst_calls_total 2\n');
  });

  it('keeps two registries of one process apart', () => {
    createMetrics({ process: 'relay', version: '1' });
    expect(() => createMetrics({ process: 'relay', version: '1' })).not.toThrow();
  });
});
