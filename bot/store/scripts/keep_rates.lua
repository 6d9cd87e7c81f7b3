-- Keep what one source says: its last word for each currency, points of history, and the moves that this makes.
-- KEYS  revision, newest, moves, history keys…
-- ARGV  revision that the caller decided by, how many fields of newest, field, packed, …,
--       for each history key: day, value, when the key ends (ms); then packed moves…
-- Returns 1, or 0 if somebody else was faster: read again, decide again. So a move is logged exactly once.
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then
  return 0
end
redis.call('INCR', KEYS[1])
local a = 3
for _ = 1, tonumber(ARGV[2]) do
  redis.call('HSET', KEYS[2], ARGV[a], ARGV[a + 1])
  a = a + 2
end
for k = 4, #KEYS do
  redis.call('HSET', KEYS[k], ARGV[a], ARGV[a + 1])
  redis.call('PEXPIREAT', KEYS[k], ARGV[a + 2])
  a = a + 3
end
for m = a, #ARGV do
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', 20000, '*', 'move', ARGV[m])
end
return 1
