-- Renew leases before they run out.
-- KEYS  leases
-- ARGV  shift_ms, lease in ms, then per member: member, token
-- Returns {new token, then per member 1, or 0 where the lease was lost already}
local token = now_ms(ARGV[1]) + tonumber(ARGV[2])
local kept = {exact(token)}
for i = 3, #ARGV, 2 do
  local lease = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if lease and tonumber(lease) == tonumber(ARGV[i + 1]) then
    redis.call('ZADD', KEYS[1], token, ARGV[i])
    kept[#kept + 1] = 1
  else
    kept[#kept + 1] = 0
  end
end
return kept
