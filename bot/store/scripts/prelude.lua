-- Put in front of every script: the time in whole milliseconds, by Redis' own clock, plus the shift that tests use.
local function now_ms(shift_ms)
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(shift_ms)
end

-- Numbers go back to Redis and to the caller without an exponent: Lua would print 1.76e+12.
local function exact(number)
  return string.format('%.17g', number)
end

