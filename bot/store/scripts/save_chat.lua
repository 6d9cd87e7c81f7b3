-- Save a chat's settings if nobody changed them meanwhile, with everything derived from them.
-- KEYS  records, cursors, due, held, leases, attempts, then in pairs a followers' set and the index of its tag
--       (which buckets have followers): first those to join, then those to leave
-- ARGV  shift_ms, member, record as it was read ('' = there was none), new record ('' = forget the chat),
--       cursor for a new chat, due in ms from now ('' = leave the schedule alone), how many sets to join, bucket
-- Returns 1, or 0 if the record is another one by now: read again, decide again.
local member, before, after = ARGV[2], ARGV[3], ARGV[4]
if (redis.call('HGET', KEYS[1], member) or '') ~= before then
  return 0
end

local leave_from = 7 + 2 * tonumber(ARGV[7])
for k = 7, #KEYS, 2 do
  if k < leave_from then
    redis.call('SADD', KEYS[k], member)
    redis.call('SADD', KEYS[k + 1], ARGV[8])
  else
    redis.call('SREM', KEYS[k], member)
    if redis.call('EXISTS', KEYS[k]) == 0 then
      redis.call('SREM', KEYS[k + 1], ARGV[8])
    end
  end
end

if after == '' then
  redis.call('HDEL', KEYS[1], member)
  redis.call('HDEL', KEYS[2], member)
  redis.call('ZREM', KEYS[3], member)
  redis.call('ZREM', KEYS[4], member)
  redis.call('ZREM', KEYS[5], member)
  redis.call('HDEL', KEYS[6], member)
  return 1
end

redis.call('HSET', KEYS[1], member, after)
redis.call('HSETNX', KEYS[2], member, ARGV[5])
if ARGV[6] ~= '' then
  local held = tonumber(redis.call('ZSCORE', KEYS[4], member) or 0)
  local due = math.max(now_ms(ARGV[1]) + tonumber(ARGV[6]), held)
  redis.call('ZADD', KEYS[3], 'LT', exact(due), member)
end
return 1
