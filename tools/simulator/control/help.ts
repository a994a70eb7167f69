/** What `GET /_sim/` answers. */
export const HELP = `A simulated SecurityTrails API under /v1. Its controls take and give JSON:

GET    /_sim/world       names and addresses to try, and what is to be seen at each
POST   /_sim/advance     {"days": 30}
POST   /_sim/history     {"host", "type", "intervals": [{"first_seen", "last_seen", "values"}] or null}
POST   /_sim/intervals   {"host", "type", "interval": {"values": ["192.0.2.1"]}}   new newest one
POST   /_sim/hosts       {"address", "hostnames": [...] or null}
PUT    /_sim/keys        {"key", "perSecond", "monthly", "used"} or {"key", "revoked": true}
GET    /_sim/faults      faults in force
POST   /_sim/faults      {"kind", "match": {"endpoint", "host", "recordType", "page", "key"},
                          "times", "status", "body", "delayMs", "bytes"}
                         kinds: status delay hang-headers hang-body drip reset truncated huge
                                malformed html redirect gzip-bomb shape
DELETE /_sim/faults      none any more
GET    /_sim/requests    the last requests
GET    /_sim/counters    totals by endpoint, status and key (digests)
DELETE /_sim/counters    forget requests and counters

Wrong input is answered with 400 {"code", "field", "reason"}.
`;
