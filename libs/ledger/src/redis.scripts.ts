import { FAILED_RESULTS } from './call.js';
import { TENANTS } from './redis.keys.js';

const DAY_SECONDS = 86_400;
/** Months and days. */
const BOOKS_SECONDS = 400 * DAY_SECONDS;
const OBSERVABLES_SECONDS = 35 * DAY_SECONDS;
const PACE_SECONDS = 2 * DAY_SECONDS;
/** Open bookings are swept after minutes; should nobody sweep, they are `unknown` all the same. */
const OPEN_SECONDS = 2 * DAY_SECONDS;
const SWEPT_SECONDS = DAY_SECONDS;
/** No connection holds a command back for longer. */
const MAY_ARRIVE_SECONDS = 600;
const HOURS_KEPT = 26;

/**
 * Where a month stands, with what the asking process remembers of it: the rules of
 * recollection.ts and standing.ts.
 */
const STANDING = `
local function standing(month, known)
  local v = redis.call('HMGET', month, 'gen', 'own', 'lost', 'readAt', 'up', 'base', 'seen', 'allowed', 'genOwn')
  local s = {
    gen = v[1] or '', own = tonumber(v[2]) or 0, lost = tonumber(v[3]) or 0, readAt = tonumber(v[4]),
    up = tonumber(v[5]), base = tonumber(v[6]) or 0, seen = tonumber(v[7]) or 0, allowed = tonumber(v[8]),
    genOwn = tonumber(v[9]) or 0,
  }
  if known then
    local before, missed = known.before, 0
    if known.gen == s.gen then
      missed = known.count - s.own
      s.forgotten = known.count > s.own + s.lost
    else
      before = math.max(before, known.count)
    end
    s.lost = math.max(s.lost, before - s.genOwn, missed)
    local r = known.reading
    if r and r.at > (s.readAt or -1) then
      s.readAt, s.up, s.base, s.seen, s.allowed = r.at, r.used, r.base, r.seen, r.allowed
    end
  end
  s.count = s.own + s.lost
  s.used = s.count
  if s.up then s.used = math.max(s.count, s.up + math.max(0, s.count - s.base)) end
  return s
end
local function save(month, s)
  redis.call('HSET', month, 'gen', s.gen, 'genOwn', s.genOwn, 'lost', s.lost)
  if s.readAt then
    redis.call('HSET', month, 'readAt', s.readAt, 'up', s.up or '', 'base', s.base, 'seen', s.seen,
      'allowed', s.allowed or '')
  end
  redis.call('EXPIRE', month, ${BOOKS_SECONDS})
end
local function shown(s)
  return { s.gen, s.count, s.readAt or '', s.up or '', s.base, s.seen, s.allowed or '' }
end
local function limitOf(hard, allowed)
  if hard and allowed then return math.min(hard, allowed) end
  return hard or allowed
end
local function reaches(s, rules)
  local limit = limitOf(rules.hard, s.allowed)
  return limit and s.used >= limit - math.ceil(limit * rules.reserve - 1e-9)
end`;

/** Writes a call into the books, or takes it out again (n = -1), and moves it to its result. */
const ENTRIES = `
local failed = { ${FAILED_RESULTS.map((result) => `${result} = true`).join(', ')} }
local function add(key, field, n, life)
  local sum = redis.call('HINCRBY', key, field, n)
  if sum <= 0 then redis.call('HDEL', key, field) end
  redis.call('EXPIRE', key, life)
  return sum
end
local function addHour(key, hour, n)
  if add(key, hour, n, ${PACE_SECONDS}) == 1 then
    for _, field in ipairs(redis.call('HKEYS', key)) do
      if tonumber((string.gsub(field, 'o', ''))) < hour - ${HOURS_KEPT} then redis.call('HDEL', key, field) end
    end
  end
end
local function addResult(base, e, result, n)
  add(base .. ':d:' .. e.day, e.cause .. '|' .. e.list .. '|' .. e.endpoint .. '|' .. result, n, ${BOOKS_SECONDS})
  if failed[result] then add(base .. ':o:' .. e.day, '!' .. e.about, n, ${OBSERVABLES_SECONDS}) end
end
local function enter(base, e, result, n)
  local month = base .. ':m:' .. e.month
  add(month, 'own', n, ${BOOKS_SECONDS})
  if e.list ~= '' then add(month, 'list:' .. e.list, n, ${BOOKS_SECONDS}) end
  add(base .. ':o:' .. e.day, e.about, n, ${OBSERVABLES_SECONDS})
  addHour(base .. ':pace', e.hour, n)
  if e.cause == 'OBSERVE' then add(base .. ':pace', 'o' .. e.hour, n, ${PACE_SECONDS}) end
  addResult(base, e, result, n)
end`;

/**
 * Decides on a call as decision.ts does, and unless it is refused or only asked for books it as
 * `unknown`.
 *
 * KEYS: base, month. ARGV: id, tenant, request, `1` for a trial. Answers refusal or '', list or '',
 * standing.
 */
export const BOOK = `${STANDING}${ENTRIES}
local base, month = KEYS[1], KEYS[2]
local id, q = ARGV[1], cjson.decode(ARGV[3])
local s = standing(month, q.known)
local held = redis.call('HGET', base .. ':open', id)
if held then return { '', cjson.decode(held).list, shown(s) } end
if redis.call('EXISTS', base .. ':late:' .. id) == 1 then return { '', '', shown(s) } end
local function refusal()
  if q.rules.hard and s.used >= q.rules.hard then return 'hard_limit' end
  if q.background then
    if not s.readAt and q.entry.cause ~= 'HEALTH' then return 'quota_unknown' end
    if reaches(s, q.rules) then return 'reserve' end
  end
end
local function payer()
  for _, p in ipairs(q.payers) do
    if not p.budget then return p.id end
    if (tonumber(redis.call('HGET', month, 'list:' .. p.id)) or 0) < p.budget then return p.id end
  end
  if #q.payers == 0 then return '' end
  if q.entry.cause == 'OPERATOR' then return q.payers[1].id end
end
local refused = refusal()
if refused then return { refused, '', shown(s) } end
local list = payer()
if not list then return { 'budget', '', shown(s) } end
if ARGV[4] == '1' then return { '', list, shown(s) } end
if s.gen == '' or s.forgotten then s.gen, s.genOwn = id, s.own end
save(month, s)
q.entry.list = list
redis.call('HSET', base .. ':open', id, cjson.encode(q.entry))
redis.call('EXPIRE', base .. ':open', ${OPEN_SECONDS})
redis.call('SADD', '${TENANTS}', ARGV[2])
enter(base, q.entry, 'unknown', 1)
s.count = s.count + 1
return { '', list, shown(s) }`;

/**
 * Moves a call to its result.
 *
 * KEYS: base. ARGV: id, result, the entry of one that is perhaps not booked or '', `1` when a booking
 * may still arrive.
 */
export const SETTLE = `${ENTRIES}
local base, id, result = KEYS[1], ARGV[1], ARGV[2]
local late = base .. ':late:' .. id
local held = redis.call('HGET', base .. ':open', id)
if held then
  redis.call('HDEL', base .. ':open', id)
else
  held = redis.call('GET', late)
  if held == 'done' then return 0 end
  redis.call('DEL', late)
end
if held then
  local e = cjson.decode(held)
  if result == 'never_made' then
    enter(base, e, 'unknown', -1)
  else
    addResult(base, e, 'unknown', -1)
    addResult(base, e, result, 1)
  end
elseif ARGV[3] ~= '' and result ~= 'never_made' then
  enter(base, cjson.decode(ARGV[3]), result, 1)
end
if ARGV[4] == '1' then redis.call('SET', late, 'done', 'EX', ${MAY_ARRIVE_SECONDS}) end
return 1`;

/** Strikes off the open calls booked before an instant. KEYS: base. ARGV: instant. Answers how many. */
export const SWEEP = `
local open, swept = KEYS[1] .. ':open', 0
local all = redis.call('HGETALL', open)
for n = 1, #all, 2 do
  if cjson.decode(all[n + 1]).at < tonumber(ARGV[1]) then
    redis.call('HDEL', open, all[n])
    redis.call('SET', KEYS[1] .. ':late:' .. all[n], all[n + 1], 'EX', ${SWEPT_SECONDS})
    swept = swept + 1
  end
end
return swept`;

/**
 * Whether upstream's count is due, as usage-wanted.ts has it; if so it is noted that it is asked for.
 *
 * KEYS: base, month. ARGV: claim. Answers 1 or 0, standing.
 */
export const CLAIM = `${STANDING}
local month, q = KEYS[2], cjson.decode(ARGV[1])
local s = standing(month, q.known)
local function wanted()
  local asked = tonumber(redis.call('HGET', month, 'askedAt'))
  if asked and q.at - asked < q.timing.retryMs then return false end
  if q.rules.hard and s.used >= q.rules.hard then return false end
  if not s.readAt then return true end
  local age, since = q.at - s.readAt, s.count - s.seen
  if not s.allowed then return age >= q.timing.untoldMs and since >= 1 end
  if age >= q.timing.everyMs and since >= math.max(q.timing.least, s.allowed * q.timing.share) then return true end
  return age >= q.timing.restingMs and (q.usedUp or reaches(s, q.rules))
end
if not wanted() then return { 0, shown(s) } end
local base = math.max(0, s.count - redis.call('HLEN', KEYS[1] .. ':open'))
redis.call('HSET', month, 'askedAt', q.at, 'askedBase', base)
redis.call('EXPIRE', month, ${BOOKS_SECONDS})
return { 1, shown(s) }`;

/**
 * Takes down upstream's count.
 *
 * KEYS: base, month. ARGV: instant, calls used or '', calls allowed or '', `1` when it could not be
 * asked. Answers standing.
 */
export const LEARN = `${STANDING}
local month, at = KEYS[2], tonumber(ARGV[1])
local s = standing(month)
if ARGV[4] == '1' then
  redis.call('HSET', month, 'askedAt', at)
  redis.call('EXPIRE', month, ${BOOKS_SECONDS})
else
  local base = tonumber(redis.call('HGET', month, 'askedBase'))
  s.base = base or math.max(0, s.count - redis.call('HLEN', KEYS[1] .. ':open'))
  s.readAt, s.up, s.allowed, s.seen = at, tonumber(ARGV[2]), tonumber(ARGV[3]), s.count
  save(month, s)
end
redis.call('HDEL', month, 'askedBase')
return shown(s)`;
