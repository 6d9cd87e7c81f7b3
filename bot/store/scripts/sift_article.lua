-- Is an entry known by any of its aliases, and does its source still say the same? Nothing is stored.
-- KEYS  article, aliases… (the first is its own identity, the others are links)
-- ARGV  id, fingerprint of what the source says, retention (ms)
-- Returns {'unknown', ''} | {'changed', id} | {'known', id of the stored one} | {'linked', id of the one with its link}
local id, fingerprint = ARGV[1], ARGV[2]
for k = 2, #KEYS do
  local known = redis.call('GET', KEYS[k])
  if known then
    redis.call('PEXPIRE', KEYS[k], ARGV[3])
    if known ~= id then
      return {k == 2 and 'known' or 'linked', known}
    end
    local stored = redis.call('GETRANGE', KEYS[1], 0, #fingerprint - 1)
    return {(stored == '' or stored == fingerprint) and 'known' or 'changed', id}
  end
end
return {'unknown', ''}
