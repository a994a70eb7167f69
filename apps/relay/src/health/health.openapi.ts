import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';

import { ApiEnvelope, REFUSED } from '../http/envelope.openapi.js';

const NO_ECHO = { code: 'health check failed', message: 'Invalid Health Check', type: 'fatal' };

/** Documents `POST /health`. */
export const ApiHealth = applyDecorators(
  ApiOperation({
    summary: 'Whether SecurityTrails answers and takes the API key of the token',
    description: 'One call upstream. For probes of this process use /livez and /readyz.',
  }),
  ApiBearerAuth(),
  ApiEnvelope(
    'The status, or why there is none.',
    { type: 'object', properties: { status: { type: 'string', enum: ['ok'] } } },
    { ok: { summary: 'Works', value: { data: { status: 'ok' } } }, refused: REFUSED },
  ),
);

/** Documents `POST /version`. */
export const ApiVersion = applyDecorators(
  ApiOperation({ summary: "The product's version" }),
  ApiOkResponse({
    description: 'Without an envelope.',
    schema: {
      type: 'object',
      properties: { version: { type: 'string' } },
      example: { version: '0.1.0' },
    },
  }),
);

/** Documents `GET /watchdog`. */
export const ApiWatchdog = applyDecorators(
  ApiOperation({ summary: 'Echoes a header: the whole way to the relay and back' }),
  ApiHeader({ name: 'Health-Check', required: false, description: 'any text' }),
  ApiEnvelope(
    'The text of the header, or an error without one.',
    { type: 'string' },
    {
      echo: { summary: 'With the header', value: { data: 'monitor-1' } },
      error: { summary: 'Without it', value: { errors: [NO_ECHO] } },
    },
  ),
);
