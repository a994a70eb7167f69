import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse } from '@nestjs/swagger';

/** A readiness report, as `Readiness` makes it. */
function report(status: string, cache: string): object {
  return {
    type: 'object',
    properties: {
      status: { type: 'string', enum: ['ready', 'degraded', 'unavailable'] },
      checks: { type: 'object', additionalProperties: { type: 'string', enum: ['ok', 'away'] } },
    },
    example: { status, checks: { cache, queue: 'ok' } },
  };
}

/** Documents `GET /livez`. */
export const ApiLive = applyDecorators(
  ApiOperation({ summary: 'Whether the process turns; asks nobody' }),
  ApiOkResponse({ schema: { type: 'object', example: { status: 'ok' } } }),
);

/** Documents `GET /readyz`. */
export const ApiReady = applyDecorators(
  ApiOperation({
    summary: 'Whether to send work here',
    description: 'What is away but not needed makes it degraded. SecurityTrails is never asked.',
  }),
  ApiOkResponse({ description: 'Send work.', schema: report('degraded', 'away') }),
  ApiServiceUnavailableResponse({
    description: 'Send none: the process is ending, or lacks what it needs.',
    schema: report('unavailable', 'ok'),
  }),
);

/** Documents `GET /metrics`. */
export const ApiMetrics = applyDecorators(
  ApiOperation({ summary: 'Metrics in the OpenMetrics format' }),
  ApiOkResponse({
    content: {
      'application/openmetrics-text': {
        schema: { type: 'string', example: 'st_lookups_total{type="domain",outcome="hit"} 3' },
      },
    },
  }),
);
