-- Messages went out later than their permits say: move the permits to when that was.
-- KEYS  bot permits, push permits, then per message: the permits of its chat
-- ARGV  then per message: its permit's time, the time at which it went out, 'p' private | 'g' group
-- A permit that is a window old by now is gone, and nothing depends on it any more.
local function move(key, from, to)
  if redis.call('LREM', key, -1, from) == 1 then
    -- In order: the N-th latest is found by its place.
    local last = redis.call('LINDEX', key, -1)
    redis.call('RPUSH', key, string.format('%.3f', math.max(tonumber(last or 0), tonumber(to))))
  end
end

for i = 1, #ARGV, 3 do
  local from, to, chat = ARGV[i], ARGV[i + 1], KEYS[2 + (i + 2) / 3]
  move(KEYS[1], from, to)
  move(KEYS[2], from, to)
  if ARGV[i + 2] == 'g' then
    move(chat, from, to)
  elseif redis.call('EXISTS', chat) == 1 then
    redis.call('SET', chat, to, 'KEEPTTL')
  end
end
