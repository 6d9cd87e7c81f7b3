-- Publish an announcement, or take it back: its state, its text and the entry of the log change together.
-- KEYS  log, announcement, article
-- ARGV  shift_ms, id, state it must be in, state it gets, tag of the log entry ('' = none), packed article ('' = the
--       text is removed), for how long it is owed (s)
-- Returns 1, or 0 if it was in another state.
local now = now_ms(ARGV[1])
if redis.call('HGET', KEYS[2], 'state') ~= ARGV[3] then
  return 0
end
redis.call('HSET', KEYS[2], 'state', ARGV[4])
if ARGV[6] ~= '' then
  redis.call('SET', KEYS[3], ARGV[6], 'EX', ARGV[7])
else
  redis.call('DEL', KEYS[3])
end
if ARGV[5] ~= '' then
  local position = now
  local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if last then
    position = math.max(position, tonumber(string.match(last[1], '^%d+')) + 1)
  end
  redis.call('XADD', KEYS[1], exact(position) .. '-0', 'id', ARGV[2], 'tags', ARGV[5])
end
return 1
