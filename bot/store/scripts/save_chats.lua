-- Save the settings of chats of one shard, each if nobody changed it meanwhile, with everything derived from them.
-- KEYS  due, held, leases, attempts, gone, then per chat: records, cursors, and in pairs a followers' set and the index of
--       its tag (which buckets have followers): first those to join, then those to leave
-- ARGV  shift_ms, then per chat: member, record as it was read ('' = there was none), new record ('' = forget the
--       chat), cursor for a new chat, due in ms from now ('' = leave the schedule alone), bucket, gone since when in
--       ms ('' = it is not), how many sets to join, how many to leave
-- Returns per chat 1, or 0 if the record is another one by now: read again, decide again.
local now = now_ms(ARGV[1])

local function follow(set, index, member, bucket)
  if redis.call('SADD', set, member) == 1 and redis.call('SCARD', set) == 1 then
    redis.call('SADD', index, bucket)
  end
end

local function unfollow(set, index, member, bucket)
  redis.call('SREM', set, member)
  if redis.call('EXISTS', set) == 0 then
    redis.call('SREM', index, bucket)
  end
end

local function forget(records, cursors, member)
  redis.call('HDEL', records, member)
  redis.call('HDEL', cursors, member)
  redis.call('ZREM', KEYS[1], member)
  redis.call('ZREM', KEYS[2], member)
  redis.call('ZREM', KEYS[3], member)
  redis.call('HDEL', KEYS[4], member)
  redis.call('ZREM', KEYS[5], member)
end

local saved = {}
local k = 6
for a = 2, #ARGV, 9 do
  local member, before, after, cursor, due_in, bucket, gone_since = unpack(ARGV, a, a + 6)
  local records, cursors, leave_from = KEYS[k], KEYS[k + 1], k + 2 + 2 * ARGV[a + 7]
  local next_chat = leave_from + 2 * ARGV[a + 8]
  if (redis.call('HGET', records, member) or '') == before then
    for set = k + 2, leave_from - 1, 2 do
      follow(KEYS[set], KEYS[set + 1], member, bucket)
    end
    for set = leave_from, next_chat - 1, 2 do
      unfollow(KEYS[set], KEYS[set + 1], member, bucket)
    end
    if after == '' then
      forget(records, cursors, member)
    else
      redis.call('HSET', records, member, after)
      redis.call('HSETNX', cursors, member, cursor)
      if gone_since ~= '' then
        redis.call('ZADD', KEYS[5], gone_since, member)
      else
        redis.call('ZREM', KEYS[5], member)
      end
      if due_in ~= '' then
        local held = tonumber(redis.call('ZSCORE', KEYS[2], member) or 0)
        redis.call('ZADD', KEYS[1], 'LT', exact(math.max(now + tonumber(due_in), held)), member)
      end
    end
    saved[#saved + 1] = 1
  else
    saved[#saved + 1] = 0
  end
  k = next_chat
end
return saved
