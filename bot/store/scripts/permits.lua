-- Permits under sliding windows, from every bucket concerned or from none.
-- A bucket knows the times of its last N permits: the next may be given when the N-th latest is a window old.
-- That is exact, whatever the bursts, and costs N numbers; the window is a little wider than the limit's own,
-- so that jitter on the way to Telegram does not put N+1 arrivals into one window.
--
-- KEYS  bot permits, push permits (lists of times), bot hold, whether operators have stopped all pushes, then per chat:
--       its permits, its hold (none for a call without chat)
-- ARGV  shift_ms, lane ('answer' | 'push'), limit and window in ms of the bot, of pushes, of a group, the window of
--       a private chat (whose limit is one), then a letter per chat: 'p' private, 'g' group
-- Returns {push slots left now, ms until the next one, the time as permits of now carry it (for late.lua),
--          then per chat: ms to wait, whose word it is ('' | 'chat' | 'bot')}
--
-- A push gets a permit now or is told when to ask again. An answer whose chat is ready books the bot's next free
-- slot, even if that is ahead: pushes find it taken, so answers go first and wait for one slot at most.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000 + tonumber(ARGV[1])
local answering, chats = ARGV[2] == 'answer', ARGV[10]
local group_limit, group_window, private_window = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local MOST_TOLD = 128
local ASK_AGAIN_MS = 1000

-- A list of times, of which only those are read that may matter here: the ones that are a window old next.
local function bucket(key, limit, window)
  local length = redis.call('LLEN', key)
  local first = math.max(0, length - limit)
  local old = redis.call('LRANGE', key, first, first + math.max(#chats, 1) + MOST_TOLD)
  return {key = key, limit = limit, window = window, length = length, first = first, old = old, taken = {}}
end

-- The earliest time at which the bucket has room for one more after `ahead` others, and not before `floor`.
local function room(bucket, floor, ahead)
  local at = bucket.length + #bucket.taken + (ahead or 0) - bucket.limit
  local oldest = bucket.old[at - bucket.first + 1] or bucket.taken[at - bucket.length + 1]
  return math.max(floor, oldest and tonumber(oldest) + bucket.window or 0)
end

local function take(bucket, at)
  bucket.taken[#bucket.taken + 1] = string.format('%.3f', at)
end

local function lifetime(at, window)
  return math.ceil(math.max(at - now, 0) + 2 * window)
end

local function keep(bucket)
  local last = bucket.taken[#bucket.taken]
  if last then
    redis.call('RPUSH', bucket.key, unpack(bucket.taken))
    redis.call('LTRIM', bucket.key, -bucket.limit, -1)
    redis.call('PEXPIRE', bucket.key, lifetime(tonumber(last), bucket.window))
  end
end

local bot = bucket(KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[4]))
local pushes = bucket(KEYS[2], tonumber(ARGV[5]), tonumber(ARGV[6]))
local bot_hold = tonumber(redis.call('GET', KEYS[3]) or 0)
local stopped = not answering and redis.call('EXISTS', KEYS[4]) == 1

local function bot_room()
  local at = room(bot, math.max(now, bot_hold))
  if stopped then
    return math.max(at, now + ASK_AGAIN_MS)
  end
  return answering and at or room(pushes, at)
end

-- A private chat has one permit a window: a plain value, the time of the last. Here they are all, and all holds.
local known = #chats > 0 and redis.call('MGET', unpack(KEYS, 5)) or {}
local last = {}

local function private_chat(i)
  local key = KEYS[2 * i + 3]
  local before = last[key] or known[2 * i - 1]
  local function take_it(at)
    last[key] = at
    redis.call('SET', key, string.format('%.3f', at), 'PX', lifetime(at, private_window))
  end
  return before and tonumber(before) + private_window or 0, take_it
end

local function group(i)
  local own = bucket(KEYS[2 * i + 3], group_limit, group_window)
  local function take_it(at)
    take(own, at)
    keep(own)
  end
  return room(own, 0), take_it
end

local function grant(ready, take_chat)
  if ready > now then
    return string.format('%.3f', ready - now), 'chat'
  end
  local at = bot_room()
  if at > now and not answering then
    return string.format('%.3f', at - now), 'bot'
  end
  take(bot, at)
  if not answering then
    take(pushes, at)
  end
  if take_chat then
    take_chat(at)
  end
  return at > now and string.format('%.3f', at - now) or 0, ''
end

local answer = {0, 0, string.format('%.3f', now)}
if #chats == 0 then
  answer[4], answer[5] = grant(0)
end
for i = 1, #chats do
  local ready, take_chat = (chats:sub(i, i) == 'p' and private_chat or group)(i)
  local hold = tonumber(known[2 * i] or 0)
  answer[2 * i + 2], answer[2 * i + 3] = grant(math.max(ready, hold), take_chat)
end
keep(bot)
keep(pushes)

local next_at = bot_room()
if bot_hold <= now and not stopped then
  while answer[1] < MOST_TOLD and room(bot, now, answer[1]) <= now and room(pushes, now, answer[1]) <= now do
    answer[1] = answer[1] + 1
  end
end
answer[2] = string.format('%.3f', math.max(0, next_at - now))
return answer
