-- Settle claimed members: the lease ends, the member is due again when its claimer or an event meanwhile says so.
-- KEYS  due, leases, held, attempts
-- ARGV  shift_ms, then per member: member, token, due in ms from now ('' = not again), hold (1: not before that),
--       failures to remember ('' = none)
-- Returns per member 1, or 0 where the lease was lost (it ran out, and somebody else has or had the member).
--
-- A hold outlives the settlement: whatever makes the member due meanwhile waits for its end (wake.lua looks).
local now = now_ms(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)

local kept = {}
for i = 2, #ARGV, 5 do
  local member, token, due_in, hold, failures = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local lease = redis.call('ZSCORE', KEYS[2], member)
  if lease and tonumber(lease) == tonumber(token) then
    redis.call('ZREM', KEYS[2], member)
    local due = due_in ~= '' and now + tonumber(due_in) or nil
    -- What became due during the lease is due now (claim.lua may have put it off until the lease's end).
    local meanwhile = tonumber(redis.call('ZSCORE', KEYS[1], member) or math.huge)
    if meanwhile <= tonumber(token) then
      meanwhile = now
    end
    if hold == '1' then
      redis.call('ZADD', KEYS[3], due, member)
      redis.call('ZADD', KEYS[1], due, member)
    elseif due or meanwhile < math.huge then
      redis.call('ZADD', KEYS[1], math.min(due or math.huge, meanwhile), member)
    end
    if failures ~= '' then
      redis.call('HSET', KEYS[4], member, failures)
    else
      redis.call('HDEL', KEYS[4], member)
    end
    kept[#kept + 1] = 1
  else
    kept[#kept + 1] = 0
  end
end
return kept
