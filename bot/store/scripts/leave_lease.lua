-- Give a lease back, if it is ours.
-- KEYS  the lease
-- ARGV  who gives it back
-- Returns 1 if it was ours, else 0.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
