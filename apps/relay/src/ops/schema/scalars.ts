import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Instants; epoch milliseconds inside. */
export const DateTimeScalar = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'RFC 3339 instant in UTC, e.g. 2026-11-22T02:30:00.000Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => {
    if (typeof value !== 'number') {
      throw new TypeError('An instant is epoch milliseconds.');
    }
    return new Date(value).toISOString();
  },
  parseValue: readInstant,
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : undefined),
});

/** Days as they are in DNS history: text inside. */
export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar date, YYYY-MM-DD, as DNS history gives it.',
  serialize: readDay,
  parseValue: readDay,
  parseLiteral: (node) => readDay(node.kind === Kind.STRING ? node.value : undefined),
});

function readInstant(value: unknown): number {
  const day = typeof value === 'string' ? RFC_3339.exec(value)?.[1] : undefined;
  const at = typeof value === 'string' ? Date.parse(value.toUpperCase()) : Number.NaN;
  if (day === undefined || !isReal(day) || Number.isNaN(at)) {
    throw new GraphQLError('A DateTime is an RFC 3339 instant, such as 2026-11-22T02:30:00.000Z.');
  }
  return at;
}

function readDay(value: unknown): string {
  if (typeof value !== 'string' || !DAY.test(value) || !isReal(value)) {
    throw new GraphQLError('A Date is a calendar date, such as 2026-11-22.');
  }
  return value;
}

/** Date takes the 31st of February for the 3rd of March. */
function isReal(day: string): boolean {
  const at = Date.parse(day);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}
