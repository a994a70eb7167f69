import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

import { anyJson, anyText } from './hostile-values.js';

const orAny = (usual: Arbitrary<unknown>): Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: anyJson });

const day = fc.oneof(
  fc
    .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom('0000-01-01', '9999-12-31', '2019-02-31', '2020-13-01', '', null),
);
const count = fc.oneof(fc.nat({ max: 5 }), fc.constantFrom(-1, 1.5, 1e21, Number.MAX_SAFE_INTEGER));
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('fe80::1%eth0', '0x7f.1', '127.1', ''),
);
const host = fc.oneof({ weight: 3, arbitrary: fc.domain() }, { weight: 1, arbitrary: anyText });
const labels = fc.array(orAny(anyText), { maxLength: 4 });

const interval = fc.record({
  values: orAny(fc.array(fc.record({ ip: orAny(address) }), { maxLength: 5 })),
  type: fc.constant('a'),
  organizations: orAny(labels),
  first_seen: orAny(day),
  last_seen: orAny(day),
});

const history = fc.record(
  {
    type: orAny(fc.constant('a/ipv4')),
    pages: orAny(count),
    records: orAny(fc.array(orAny(interval), { maxLength: 6 })),
  },
  { requiredKeys: ['type', 'records'] },
);

const list = fc.record(
  {
    record_count: orAny(count),
    meta: orAny(
      fc.record({ page: orAny(count), total_pages: orAny(count), max_page: orAny(count) }),
    ),
    records: orAny(
      fc.array(orAny(fc.record({ hostname: orAny(host), host_provider: orAny(labels) })), {
        maxLength: 6,
      }),
    ),
  },
  { requiredKeys: ['record_count', 'records'] },
);

/** A body as SecurityTrails might send it on its worst day, parsed or as text. */
export const upstreamBody: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: history },
  { weight: 3, arbitrary: list },
  { weight: 2, arbitrary: anyJson },
  { weight: 1, arbitrary: fc.record({ message: anyJson }) },
);

/** Statuses whose meaning does not outlast one answer: no retry, no open circuit. */
export const upstreamStatus = fc.oneof(
  { weight: 8, arbitrary: fc.constant(200) },
  { weight: 2, arbitrary: fc.constantFrom(201, 206, 301, 400, 401, 403, 404, 406, 418, 501, 599) },
);
