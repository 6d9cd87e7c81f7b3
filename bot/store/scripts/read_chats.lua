-- Read settings and cursors of chats of one shard.
-- KEYS  records and cursors of the first chat, of the second, …
-- ARGV  shift_ms, members…
-- Returns {now, record ('' = unknown), cursor ('' = none), record, cursor, …}
local answer = {exact(now_ms(ARGV[1]))}
for i = 2, #ARGV do
  answer[#answer + 1] = redis.call('HGET', KEYS[2 * i - 3], ARGV[i]) or ''
  answer[#answer + 1] = redis.call('HGET', KEYS[2 * i - 2], ARGV[i]) or ''
end
return answer
