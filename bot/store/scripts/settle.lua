-- Settle claimed members: the lease ends, the member is due again when its claimer or an event meanwhile says so.
-- KEYS  due, leases, held, attempts
-- ARGV  shift_ms, then per member: member, token, due in ms from now ('' = not again), hold (1: not before that),
--       failures to remember ('' = none)
-- Returns per member 1, or 0 where the lease was lost (it ran out, and somebody else has or had the member).
--
-- A hold outlives the settlement: whatever makes the member due meanwhile waits for its end (wake.lua looks).
local now = now_ms(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)

local members = {}
for i = 2, #ARGV, 5 do
  members[#members + 1] = ARGV[i]
end
if #members == 0 then
  return {}
end
local leases = redis.call('ZMSCORE', KEYS[2], unpack(members))
local meanwhile = redis.call('ZMSCORE', KEYS[1], unpack(members))

local kept, ended, clean = {}, {}, {}
for n, member in ipairs(members) do
  local i = 5 * n - 3
  local token, due_in, hold, failures = tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  if leases[n] and tonumber(leases[n]) == token then
    ended[#ended + 1] = member
    local due = due_in ~= '' and now + tonumber(due_in) or nil
    -- What became due during the lease is due now (claim.lua may have put it off until the lease's end).
    local again = tonumber(meanwhile[n] or math.huge)
    if again <= token then
      again = now
    end
    if hold == '1' then
      redis.call('ZADD', KEYS[3], due, member)
      redis.call('ZADD', KEYS[1], due, member)
    elseif due or again < math.huge then
      redis.call('ZADD', KEYS[1], math.min(due or math.huge, again), member)
    end
    if failures ~= '' then
      redis.call('HSET', KEYS[4], member, failures)
    else
      clean[#clean + 1] = member
    end
    kept[n] = 1
  else
    kept[n] = 0
  end
end
if #ended > 0 then
  redis.call('ZREM', KEYS[2], unpack(ended))
end
if #clean > 0 then
  redis.call('HDEL', KEYS[4], unpack(clean))
end
return kept
