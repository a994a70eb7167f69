/** Digits of the version that a known history's value begins with. */
export const VERSION_DIGITS = 10;

/** How many changes one call removes at most, beside those for which it makes room. */
const TRIM_AT_ONCE = 500;

/**
 * Removes a change by its place, wherever it is found; all changes that are too old or too many,
 * but `batch` at most. The lists and the observable are told by the change itself.
 */
const REMOVAL = `
local function remove(base, place)
  local id = string.sub(place, 16)
  local body = redis.call('HGET', base .. ':body', id)
  redis.call('ZREM', base .. ':all', place)
  if body then
    local change = cjson.decode(body)
    redis.call('ZREM', base .. ':o:' .. change.t .. ':' .. change.o, place)
    for _, list in ipairs(change.w) do redis.call('ZREM', base .. ':l:' .. list, place) end
    redis.call('HDEL', base .. ':body', id)
    redis.call('HDEL', base .. ':ack', id)
  end
end
local function trim(base, most, oldest, batch)
  local all = base .. ':all'
  local gone = redis.call('ZRANGEBYLEX', all, '-', '(' .. oldest, 'LIMIT', 0, batch)
  for _, place in ipairs(gone) do remove(base, place) end
  local count = #gone
  local excess = math.min(redis.call('ZCARD', all) - most, batch - count)
  if excess > 0 then
    for _, place in ipairs(redis.call('ZRANGE', all, 0, excess - 1)) do remove(base, place) end
    count = count + excess
  end
  return count
end`;

/**
 * A look's whole effect, or nothing when another version is held.
 *
 * KEYS: the history, the tenant's base. ARGV: expected version, history, most changes, lowest place
 * to keep, the observable, life of the history in ms, number of lists, lists, then place, id and body
 * of each change.
 * Answers -1 for another version, else the ids that were new.
 */
export const COMMIT = `${REMOVAL}
local base = KEYS[2]
local held = redis.call('GETRANGE', KEYS[1], 0, ${VERSION_DIGITS - 1})
if (tonumber(held) or 0) ~= tonumber(ARGV[1]) then return -1 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[6])
local lists = tonumber(ARGV[7])
local written = {}
for at = 8 + lists, #ARGV, 3 do
  local place, id, body = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if redis.call('HSETNX', base .. ':body', id, body) == 1 then
    redis.call('ZADD', base .. ':all', 0, place)
    redis.call('ZADD', base .. ':o:' .. ARGV[5], 0, place)
    for list = 8, 7 + lists do redis.call('ZADD', base .. ':l:' .. ARGV[list], 0, place) end
    written[#written + 1] = id
  end
end
if #written > 0 then trim(base, tonumber(ARGV[3]), ARGV[4], #written + ${TRIM_AT_ONCE}) end
return written`;

/** KEYS: the tenant's base. ARGV: most changes, lowest place to keep. Answers how many went. */
export const TRIM = `${REMOVAL}
return trim(KEYS[1], tonumber(ARGV[1]), ARGV[2], ${TRIM_AT_ONCE})`;

/** KEYS: bodies, acknowledgements. ARGV: acknowledgement, ids. Answers 1 done, 0 before, -1 unknown. */
export const ACKNOWLEDGE = `
local done = {}
for at = 2, #ARGV do
  if redis.call('HEXISTS', KEYS[1], ARGV[at]) == 0 then
    done[at - 1] = -1
  else
    done[at - 1] = redis.call('HSETNX', KEYS[2], ARGV[at], ARGV[1])
  end
end
return done`;
