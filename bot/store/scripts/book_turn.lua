-- Book the next turn at a host, so that all workers together ask it no more often than one would.
-- KEYS  until when turns are booked (ms)
-- ARGV  shift_ms, time between two turns (ms), longest booking ahead that is still believed (ms)
-- Returns the milliseconds to wait for the turn.
--
-- A turn that is booked and not taken (its worker died) costs the others one interval.
local now = now_ms(ARGV[1])
local interval, longest = tonumber(ARGV[2]), tonumber(ARGV[3])
local turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
if turn - now > longest then
  turn = now
end
redis.call('SET', KEYS[1], exact(turn + interval), 'PX', math.ceil(turn + interval - now + 1))
return math.ceil(turn - now)
