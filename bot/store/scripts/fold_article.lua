-- Another source tells a story that is stored: remember that it does, and under which identities.
-- KEYS  article, aliases…
-- ARGV  id of the stored article, name of the other source, length of the fingerprint in front, retention (ms),
--       most sources that are remembered
-- Returns 1 if the source is new to the story
for k = 2, #KEYS do
  redis.call('SET', KEYS[k], ARGV[1], 'PX', ARGV[4])
end
local stored = redis.call('GET', KEYS[1])
if not stored then
  return 0
end
local length = tonumber(ARGV[3])
local fields = cmsgpack.unpack(string.sub(stored, length + 1))
local others = fields.z or {}
if fields.s == ARGV[2] or #others >= tonumber(ARGV[5]) then
  return 0
end
for _, name in ipairs(others) do
  if name == ARGV[2] then
    return 0
  end
end
table.insert(others, ARGV[2])
fields.z = others
redis.call('SET', KEYS[1], string.sub(stored, 1, length) .. cmsgpack.pack(fields), 'KEEPTTL')
return 1
