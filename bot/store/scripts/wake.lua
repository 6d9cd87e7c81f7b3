-- Make members due at a time, unless they are due earlier already; a hold is waited out.
-- KEYS  due, held
-- ARGV  shift_ms, due in ms from now, members…
local due = now_ms(ARGV[1]) + tonumber(ARGV[2])
for i = 3, #ARGV do
  local held = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[i]) or 0)
  redis.call('ZADD', KEYS[1], 'LT', exact(math.max(due, held)), ARGV[i])
end
