-- Is an entry known by any of its aliases, and does its source still write the same? Nothing is stored.
-- KEYS  article, aliases… (the first is its own identity, the others are links)
-- ARGV  id, mark of the entry as its source writes it, first character of the mark in what is stored, retention (ms)
-- Returns {'unknown', ''} | {'edited', id} | {'known', id of the stored one} | {'linked', id of the one with its link}
local id, mark, first = ARGV[1], ARGV[2], tonumber(ARGV[3])
for k = 2, #KEYS do
  local known = redis.call('GET', KEYS[k])
  if known then
    redis.call('PEXPIRE', KEYS[k], ARGV[4])
    if known ~= id then
      return {k == 2 and 'known' or 'linked', known}
    end
    local stored = redis.call('GETRANGE', KEYS[1], first, first + #mark - 1)
    return {(stored == '' or stored == mark) and 'known' or 'edited', id}
  end
end
return {'unknown', ''}
