import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';

import { CoreMetrics } from '#core';
import type { Observable } from '#ctim';
import { EnrichmentService, referral } from '#enrichment';
import type { Observed } from '#enrichment';
import type { Response } from 'express';

import type { Caller, CallerRequest } from '../auth/caller.js';
import { RelayAuthGuard } from '../auth/relay-auth.guard.js';
import { observeBody, sendBytes, sendJson } from '../http/envelope.js';
import type { BodyRequest } from '../http/raw-body.js';
import { BODY_LIMIT } from '../http/raw-body.js';
import { RelayRefusal } from '../http/relay-error.js';
import type { LoggedRequest } from '../http/request-log.js';
import { RelayRefresher } from '../refresh/relay-refresher.js';
import { parseObservableList } from './observable-list.js';
import { ApiDeliberate, ApiObserve, ApiRefer } from './observables.openapi.js';
import { relayErrorOf } from './problem-table.js';
import { pythonJson } from './python-json.js';
import { ReferSettings } from './refer-settings.js';

type RelayRequest = CallerRequest & BodyRequest & LoggedRequest;

/** The calls about observables (relay-protocol 1.2). */
@Controller()
export class ObservablesController {
  constructor(
    private readonly enrichment: EnrichmentService,
    private readonly refresher: RelayRefresher,
    private readonly metrics: CoreMetrics,
    private readonly refers: ReferSettings,
  ) {}

  @Post('observe/observables')
  @ApiObserve
  @UseGuards(RelayAuthGuard)
  async observe(@Req() request: RelayRequest, @Res() response: Response): Promise<void> {
    const caller = callerOf(request);
    const observables = observablesOf(request);
    const observed = await this.enrichment.observe(
      { caller, depth: caller.pages, observables },
      this.refresher,
    );
    this.metrics.observed(observed);
    annotate(request, caller, observables, observed);
    const named = new Set(observables.map(({ type, value }) => `${type} ${value}`)).size > 1;
    const errors = observed.problems.map((problem) => relayErrorOf(problem, named));
    sendBytes(response, 200, observeBody(observed.documents, errors, caller.mode));
  }

  /** SecurityTrails knows no verdicts, and we invent none. */
  @Post('deliberate/observables')
  @ApiDeliberate
  @UseGuards(RelayAuthGuard)
  deliberate(@Res() response: Response): void {
    sendJson(response, 200, { data: {} });
  }

  /** Links only: open to all, like Cisco's relay, and never a call upstream. */
  @Post('refer/observables')
  @ApiRefer
  refer(@Req() request: RelayRequest, @Res() response: Response): void {
    const data = observablesOf(request).flatMap(
      (observable) => referral(this.refers.uiUrl, observable) ?? [],
    );
    sendJson(response, 200, { data });
  }
}

/** The guard has run: without a caller the request would not be here. */
function callerOf({ caller }: RelayRequest): Caller {
  if (caller === undefined) {
    throw new TypeError('A guarded route without a guard');
  }
  return caller;
}

function observablesOf({ rawBody }: RelayRequest): readonly Observable[] {
  if (rawBody === undefined) {
    throw invalid({ _schema: [`Longer than maximum length ${BODY_LIMIT} bytes.`] });
  }
  const parsed = parseObservableList(rawBody);
  if ('faults' in parsed) {
    throw invalid(parsed.faults);
  }
  return parsed.observables;
}

function invalid(faults: object): RelayRefusal {
  return new RelayRefusal(
    'invalid argument',
    `Invalid JSON payload received. ${pythonJson(faults)}`,
  );
}

function annotate(
  { notes }: RelayRequest,
  caller: Caller,
  observables: readonly Observable[],
  { lookups, problems, documents }: Observed,
): void {
  if (notes === undefined) {
    return;
  }
  notes.tenant = caller.tenant;
  notes.observables = observables.length;
  notes.outcome = problems.length === 0 ? 'ok' : documents.length > 0 ? 'partial' : 'failed';
  notes.upstreamCalls = lookups.reduce((sum, { upstreamCalls }) => sum + upstreamCalls, 0);
  notes.ageMs = lookups.reduce((oldest, { ageMs }) => Math.max(oldest, ageMs), 0);
}
