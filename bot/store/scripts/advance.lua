-- Move bookmarks forward, never back: log positions of pushes, and the days (ordinals) of briefings.
-- KEYS  cursors of the first chat, of the second, …
-- ARGV  per chat: member, position ('' keeps it), day ('' keeps it)
-- A bookmark is 'position' or 'position:day' (bot/store/bookmark.py). A chat without one was forgotten meanwhile.
for i = 1, #KEYS do
  local member, position, day = ARGV[3 * i - 2], ARGV[3 * i - 1], ARGV[3 * i]
  local stored = redis.call('HGET', KEYS[i], member)
  if stored then
    local old_position, old_day = string.match(stored, '^(%d+):?(%d*)$')
    if position == '' or tonumber(position) < tonumber(old_position) then
      position = old_position
    end
    if day == '' or (old_day ~= '' and tonumber(day) < tonumber(old_day)) then
      day = old_day
    end
    local moved = day == '' and position or position .. ':' .. day
    if moved ~= stored then
      redis.call('HSET', KEYS[i], member, moved)
    end
  end
end
