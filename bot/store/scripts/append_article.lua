-- Store an article unless it is known by any of its aliases, and append it to the log: seen-check and append together.
-- KEYS  log, article, aliases…, lists of latest articles…
-- ARGV  shift_ms, id, fingerprint of what people read, packed article, published (ms), retention (ms),
--       'append' (to the log) or 'fill' (only the lists), tags as the log carries them, number of aliases
-- Returns {'new', position ('' if not pushed)} | {'changed', id} | {'known', id of the stored one}
--
-- The log position is the clock in ms, made unique. A correction by the same source replaces the stored text
-- and is not appended again.
local now = now_ms(ARGV[1])
local id, fingerprint, packed = ARGV[2], ARGV[3], ARGV[4]
local published, retention = tonumber(ARGV[5]), tonumber(ARGV[6])
local lists_from = 3 + tonumber(ARGV[9])

for k = 3, lists_from - 1 do
  local known = redis.call('GET', KEYS[k])
  if known then
    redis.call('PEXPIRE', KEYS[k], retention)
    if known ~= id or redis.call('EXISTS', KEYS[2]) == 0 then
      return {'known', known}
    end
    if redis.call('GETRANGE', KEYS[2], 0, #fingerprint - 1) == fingerprint then
      return {'known', id}
    end
    redis.call('SET', KEYS[2], fingerprint .. packed, 'KEEPTTL')
    return {'changed', id}
  end
end

redis.call('SET', KEYS[2], fingerprint .. packed, 'PX', retention)
for k = 3, lists_from - 1 do
  redis.call('SET', KEYS[k], id, 'PX', retention)
end
for k = lists_from, #KEYS do
  redis.call('ZADD', KEYS[k], exact(published), id)
  redis.call('ZREMRANGEBYSCORE', KEYS[k], '-inf', exact(now - retention))
end
if ARGV[7] ~= 'append' then
  return {'new', ''}
end

local position = now
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last then
  position = math.max(position, tonumber(string.match(last[1], '^%d+')) + 1)
end
redis.call('XADD', KEYS[1], 'MINID', '~', exact(now - retention), exact(position) .. '-0', 'id', id, 'tags', ARGV[8])
return {'new', exact(position)}
