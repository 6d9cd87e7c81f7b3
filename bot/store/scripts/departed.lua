-- Find chats of a shard that have been gone for long.
-- KEYS  gone
-- ARGV  shift_ms, for how long in ms, at most how many
-- Returns members, the longest gone first
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', exact(now_ms(ARGV[1]) - tonumber(ARGV[2])), 'LIMIT', 0, ARGV[3])
