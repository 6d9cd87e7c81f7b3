-- Take a lease, or keep the one that is ours already.
-- KEYS  the lease
-- ARGV  who asks, lease in ms
-- Returns 1 if it is ours now, else 0.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
