-- Claim what is due: members leave `due` and are leased, so that one claimer has each.
-- KEYS  due, leases, attempts
-- ARGV  shift_ms, at most how many, lease in ms
-- Returns {lease token, now, due time of the next member that was left ('' if none), {member, due time, failures, …}}
--
-- The token is the time at which the lease runs out. What a dead claimer held comes back here, due since then.
-- A member that became due again during its lease waits for its settlement (settle.lua wakes it).
local now = now_ms(ARGV[1])
local limit, token = tonumber(ARGV[2]), now + tonumber(ARGV[3])

for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1000)) do
  redis.call('ZREM', KEYS[2], member)
  redis.call('ZADD', KEYS[1], 'LT', now, member)
end

local claimed = {}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit)
for i = 1, #due, 2 do
  local member = due[i]
  local lease = redis.call('ZSCORE', KEYS[2], member)
  if lease then
    redis.call('ZADD', KEYS[1], lease, member)
  else
    redis.call('ZREM', KEYS[1], member)
    redis.call('ZADD', KEYS[2], token, member)
    claimed[#claimed + 1] = member
    claimed[#claimed + 1] = due[i + 1]
    claimed[#claimed + 1] = redis.call('HGET', KEYS[3], member) or ''
  end
end

local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {exact(token), exact(now), head[2] or '', claimed}
