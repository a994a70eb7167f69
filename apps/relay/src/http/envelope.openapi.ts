import { ApiOkResponse } from '@nestjs/swagger';

const TEXT = { type: 'string' } as const;

/** The error object of the protocol, for the API's documentation (relay-protocol 1.4). */
const ERROR = {
  type: 'object',
  required: ['code', 'message', 'type'],
  properties: {
    code: { ...TEXT, example: 'too many requests' },
    message: TEXT,
    type: { ...TEXT, enum: ['fatal', 'error', 'warning'] },
  },
};

/** A body as JSON that readers of the documentation can copy. */
export interface Example {
  readonly summary: string;
  readonly value: object;
}

/** What a call that is refused for its token is answered. */
export const REFUSED: Example = {
  summary: 'Refused: the token does not fit',
  value: {
    errors: [
      {
        code: 'authorization error',
        message: 'Authorization failed: Wrong configuration-token-audience',
        type: 'fatal',
      },
    ],
  },
};

/** Documents the relay's envelope: HTTP 200 with `data`, `errors` or both (relay-protocol 1.4). */
export function ApiEnvelope(
  description: string,
  data: object,
  examples: Record<string, Example>,
): MethodDecorator {
  const schema = {
    type: 'object',
    properties: { data, errors: { type: 'array', items: ERROR } },
  };
  return ApiOkResponse({ description, content: { 'application/json': { schema, examples } } });
}
