-- Queue an update, once.
-- KEYS  block of bits of the update ids seen, the lane's updates, due
-- ARGV  shift_ms, bit of this update in its block, seconds for which the block is kept, lane, the update
-- Returns 1, or 0 if this update was queued before.
if redis.call('SETBIT', KEYS[1], ARGV[2], 1) == 1 then
  return 0
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('RPUSH', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[3], 'LT', exact(now_ms(ARGV[1])), ARGV[4])
return 1
