-- Move cursors forward, never back.
-- KEYS  cursors of the first chat, of the second, …
-- ARGV  member, position, member, position, …
for i = 1, #KEYS do
  local member, position = ARGV[2 * i - 1], ARGV[2 * i]
  local stored = redis.call('HGET', KEYS[i], member)
  if stored and tonumber(stored) < tonumber(position) then
    redis.call('HSET', KEYS[i], member, position)
  end
end
