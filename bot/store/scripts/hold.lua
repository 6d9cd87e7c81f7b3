-- Obey a 429: nothing to this chat until Telegram's time is over; a second chat refused within ten seconds
-- means that the whole bot is meant.
-- KEYS  bot hold, last refused chat, chat hold (none: a call without chat, the bot is held)
-- ARGV  shift_ms, hold in ms, chat id
local now = now_ms(ARGV[1])
local hold_ms = tonumber(ARGV[2])
local bot = #KEYS < 3
if not bot then
  redis.call('SET', KEYS[3], exact(now + hold_ms), 'PX', hold_ms)
  local refused = redis.call('GET', KEYS[2])
  bot = refused and refused ~= ARGV[3]
  redis.call('SET', KEYS[2], ARGV[3], 'PX', 10000)
end
if bot and tonumber(redis.call('GET', KEYS[1]) or 0) < now + hold_ms then
  redis.call('SET', KEYS[1], exact(now + hold_ms), 'PX', hold_ms)
end
