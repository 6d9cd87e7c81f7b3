-- The first update of a claimed lane is done: it goes, and the lane is due again if more wait.
-- KEYS  the lane's updates, due, leases, tries
-- ARGV  shift_ms, lane, token
-- Returns how many wait, or -1 if the lease was lost: then somebody else has the lane, and nothing is touched.
local lease = redis.call('ZSCORE', KEYS[3], ARGV[2])
if not lease or tonumber(lease) ~= tonumber(ARGV[3]) then
  return -1
end
redis.call('LPOP', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('HDEL', KEYS[4], ARGV[2])
local waiting = redis.call('LLEN', KEYS[1])
if waiting > 0 then
  redis.call('ZADD', KEYS[2], exact(now_ms(ARGV[1])), ARGV[2])
else
  redis.call('ZREM', KEYS[2], ARGV[2])
end
return waiting
