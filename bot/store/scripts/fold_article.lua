-- Another source tells a story that is stored: remember that it does, under which identities, and what its telling adds.
-- KEYS  log, article, aliases…, lists of latest articles of the tags…
-- ARGV  shift_ms, id of the stored article, name of the other source, length of the fingerprint in front,
--       retention (ms), most sources that are remembered, 'append' or 'fill' (nobody is owed anything),
--       number of aliases, number of countries, countries…, topics…
-- Returns 1 if the source is new to the story
--
-- A tag that only this source's telling carries is listed and logged: who follows it is owed the story from now on. The
-- log entry says in `told` at which positions it was logged before and with which tags, so that who was owed it then is
-- not owed it again. A story that was never logged (the first poll of its source) stays so.
local now = now_ms(ARGV[1])
local id, source, length, retention = ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local lists_from = 3 + tonumber(ARGV[8])
for k = 3, lists_from - 1 do
  redis.call('SET', KEYS[k], id, 'PX', retention)
end
local stored = redis.call('GET', KEYS[2])
if not stored then
  return 0
end
local fields = cmsgpack.unpack(string.sub(stored, length + 1))
local others = fields.z or {}
if fields.s == source or #others >= tonumber(ARGV[6]) then
  return 0
end
for _, name in ipairs(others) do
  if name == source then
    return 0
  end
end
table.insert(others, source)
fields.z = others

local carried, added = {}, {}
for _, kind in ipairs({'c', 'o'}) do
  for _, tag in ipairs(fields[kind] or {}) do
    carried[tag] = true
  end
end
for k = lists_from, #KEYS do
  local number = k - lists_from + 1
  local tag = ARGV[9 + number]
  if not carried[tag] then
    local kind = number <= tonumber(ARGV[9]) and 'c' or 'o'
    fields[kind] = fields[kind] or {}
    table.insert(fields[kind], tag)
    table.insert(added, tag)
    redis.call('ZADD', KEYS[k], exact(fields.p), id)
  end
end
if #added > 0 and fields.l and ARGV[7] == 'append' then
  local position = now
  local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  if last then
    position = math.max(position, tonumber(string.match(last[1], '^%d+')) + 1)
  end
  local tags = table.concat(added, ' ')
  redis.call('XADD', KEYS[1], exact(position) .. '-0', 'id', id, 'tags', tags, 'told', fields.l)
  fields.l = fields.l .. '|' .. exact(position) .. ' ' .. tags
end
redis.call('SET', KEYS[2], string.sub(stored, 1, length) .. cmsgpack.pack(fields), 'KEEPTTL')
return 1
