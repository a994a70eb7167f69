import { Controller, Get, Inject, Res } from '@nestjs/common';

import { renderMetrics } from '#platform';
import type { MetricsRegistry } from '#platform';

import { METRICS } from '../core.tokens.js';
import { ApiLive, ApiMetrics, ApiReady } from './probes.openapi.js';
import { Readiness } from './readiness.js';

/** What these endpoints need of an HTTP answer, whatever framework it comes from. */
interface PlainResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

/** For the platform engineer: is it alive, may it be sent work, what does it count. */
@Controller()
export class ProbesController {
  constructor(
    private readonly readiness: Readiness,
    @Inject(METRICS) private readonly registry: MetricsRegistry,
  ) {}

  /** Alive as long as the event loop turns. */
  @Get('livez')
  @ApiLive
  live(@Res() response: PlainResponse): void {
    answer(response, 200, 'application/json', JSON.stringify({ status: 'ok' }));
  }

  /** Never asks upstream: a vendor's outage is no reason to take a process out of service. */
  @Get('readyz')
  @ApiReady
  ready(@Res() response: PlainResponse): void {
    const report = this.readiness.report();
    const status = report.status === 'unavailable' ? 503 : 200;
    answer(response, status, 'application/json', JSON.stringify(report));
  }

  @Get('metrics')
  @ApiMetrics
  async metrics(@Res() response: PlainResponse): Promise<void> {
    const { contentType, body } = await renderMetrics(this.registry);
    answer(response, 200, contentType, body);
  }
}

function answer(response: PlainResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
