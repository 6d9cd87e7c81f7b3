-- How many chats of a shard are due, and since when the first of them has been.
-- KEYS  due, leases
-- ARGV  shift_ms
-- Returns {chats due now, chats in a sender's hands, ms for which the first in line has been due}
local now = now_ms(ARGV[1])
local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return {
  redis.call('ZCOUNT', KEYS[1], '-inf', now),
  redis.call('ZCARD', KEYS[2]),
  exact(math.max(0, head and now - tonumber(head) or 0)),
}
