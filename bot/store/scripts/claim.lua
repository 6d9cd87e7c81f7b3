-- Claim what is due: members leave `due` and are leased, so that one claimer has each.
-- KEYS  due, leases, attempts
-- ARGV  shift_ms, at most how many, lease in ms
-- Returns {lease token, now, due time of the next member that was left ('' if none), {member, due time, failures, …}}
--
-- The token is the time at which the lease runs out. What a dead claimer held comes back here, due since then.
-- A member that became due again during its lease waits for its settlement (settle.lua wakes it).
local now = now_ms(ARGV[1])
local limit, token = math.min(tonumber(ARGV[2]), 1000), now + tonumber(ARGV[3])

for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1000)) do
  redis.call('ZREM', KEYS[2], member)
  redis.call('ZADD', KEYS[1], 'LT', now, member)
end

local members, scores = {}, {}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit)
for i = 1, #due, 2 do
  members[#members + 1] = due[i]
  scores[#scores + 1] = due[i + 1]
end

local claimed, taken, leases = {}, {}, {}
for i, lease in ipairs(#members > 0 and redis.call('ZMSCORE', KEYS[2], unpack(members)) or {}) do
  if lease then
    redis.call('ZADD', KEYS[1], lease, members[i])
  else
    taken[#taken + 1] = members[i]
    leases[#leases + 1] = exact(token)
    leases[#leases + 1] = members[i]
    claimed[#claimed + 1] = members[i]
    claimed[#claimed + 1] = scores[i]
    claimed[#claimed + 1] = ''
  end
end
if #taken > 0 then
  redis.call('ZREM', KEYS[1], unpack(taken))
  redis.call('ZADD', KEYS[2], unpack(leases))
  for i, failures in ipairs(redis.call('HMGET', KEYS[3], unpack(taken))) do
    claimed[3 * i] = failures or ''
  end
end

local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {exact(token), exact(now), head[2] or '', claimed}
