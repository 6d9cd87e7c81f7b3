-- Permits under sliding windows, from every bucket concerned or from none.
-- A bucket is a list of the times of its last N permits: the next may be given when the N-th latest is a window old.
-- That is exact, whatever the bursts, and costs N numbers; the window is a little wider than the limit's own,
-- so that jitter on the way to Telegram does not put N+1 arrivals into one window.
--
-- KEYS  bot permits, push permits, bot hold, then per chat: its permits, its hold (none for a call without chat)
-- ARGV  shift_ms, lane ('answer' | 'push'), bot limit, bot window ms, push limit, push window ms,
--       then per chat: limit, window ms
-- Returns {push slots left now, ms until the next one, then per chat: ms to wait, whose word it is ('' | 'chat' | 'bot')}
--
-- A push gets a permit now or is told when to ask again. An answer whose chat is ready books the bot's next free
-- slot, even if that is ahead: pushes find it taken, so answers go first and wait for one slot at most.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000 + tonumber(ARGV[1])
local answering = ARGV[2] == 'answer'

-- The earliest time at which the bucket has room, and not before `floor`.
local function room(key, limit, window, floor)
  local oldest = redis.call('LINDEX', KEYS[key], -limit)
  return math.max(floor, oldest and tonumber(oldest) + window or 0)
end

local function take(key, limit, window, at)
  redis.call('RPUSH', KEYS[key], string.format('%.3f', at))
  redis.call('LTRIM', KEYS[key], -limit, -1)
  redis.call('PEXPIRE', KEYS[key], math.ceil(math.max(at - now, 0) + 2 * window))
end

local bot_limit, bot_window = tonumber(ARGV[3]), tonumber(ARGV[4])
local push_limit, push_window = tonumber(ARGV[5]), tonumber(ARGV[6])
local bot_hold = tonumber(redis.call('GET', KEYS[3]) or 0)

local function bot_room()
  local at = room(1, bot_limit, bot_window, math.max(now, bot_hold))
  if not answering then
    at = room(2, push_limit, push_window, at)
  end
  return at
end

local function grant(chat_key, limit, window)
  if chat_key then
    local hold = tonumber(redis.call('GET', KEYS[chat_key + 1]) or 0)
    local ready = room(chat_key, limit, window, math.max(now, hold))
    if ready > now then
      return ready - now, 'chat'
    end
  end
  local at = bot_room()
  if at > now and not answering then
    return at - now, 'bot'
  end
  take(1, bot_limit, bot_window, at)
  if not answering then
    take(2, push_limit, push_window, at)
  end
  if chat_key then
    take(chat_key, limit, window, at)
  end
  return at - now, ''
end

local answer = {}
if #ARGV == 6 then
  answer[1], answer[2] = grant(nil)
end
for i = 7, #ARGV, 2 do
  answer[#answer + 1], answer[#answer + 2] = grant(i - 3, tonumber(ARGV[i]), tonumber(ARGV[i + 1]))
end
for i = 1, #answer, 2 do
  answer[i] = string.format('%.3f', answer[i])
end

local free = 0
for n = 0, math.min(bot_limit, push_limit, 128) - 1 do
  local bot = redis.call('LINDEX', KEYS[1], n - bot_limit)
  local push = redis.call('LINDEX', KEYS[2], n - push_limit)
  if (bot and tonumber(bot) + bot_window > now) or (push and tonumber(push) + push_window > now) then
    break
  end
  free = n + 1
end
table.insert(answer, 1, string.format('%.3f', math.max(0, bot_room() - now)))
table.insert(answer, 1, bot_hold > now and 0 or free)
return answer
