import { Controller, Get, Headers, Post, Req, Res, UseGuards } from '@nestjs/common';

import { Version } from '#core';
import { problemOf, SecurityTrailsUpstream } from '#enrichment';
import type { Response } from 'express';

import type { CallerRequest } from '../auth/caller.js';
import { RelayAuthGuard } from '../auth/relay-auth.guard.js';
import { refusalBody, sendJson } from '../http/envelope.js';
import { relayErrorWithout } from '../observables/problem-table.js';
import { ApiHealth, ApiVersion, ApiWatchdog } from './health.openapi.js';

/** The calls by which the platform and its operators see whether the relay works. */
@Controller()
export class HealthController {
  constructor(
    private readonly upstream: SecurityTrailsUpstream,
    private readonly version: Version,
  ) {}

  /** Asks SecurityTrails whether it takes the caller's key (relay-protocol 1.5). */
  @Post('health')
  @ApiHealth
  @UseGuards(RelayAuthGuard)
  async health(@Req() request: CallerRequest, @Res() response: Response): Promise<void> {
    const { caller } = request;
    try {
      if (caller !== undefined) {
        await this.upstream.ping(caller);
      }
      sendJson(response, 200, { data: { status: 'ok' } });
    } catch (error) {
      const errors = [relayErrorWithout(problemOf(error))];
      sendJson(response, 200, refusalBody(caller?.mode ?? 'v2', errors));
    }
  }

  @Post('version')
  @ApiVersion
  tell(@Res() response: Response): void {
    sendJson(response, 200, { version: this.version.text });
  }

  /** Echoes a header, so that a monitor sees the whole way to here and back (relay-protocol 1.6). */
  @Get('watchdog')
  @ApiWatchdog
  watchdog(@Headers('health-check') check: string | undefined, @Res() response: Response): void {
    const failure = {
      code: 'health check failed',
      message: 'Invalid Health Check',
      type: 'fatal',
    } as const;
    sendJson(response, 200, check === undefined ? { errors: [failure] } : { data: check });
  }
}
