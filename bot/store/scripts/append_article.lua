-- Store an article unless it is known by any of its aliases, and append it to the log: seen-check and append together.
-- KEYS  log, article, edition, telling, aliases…, lists of latest articles…, shelves…
-- ARGV  shift_ms, id, fingerprint of what the source says, packed article, published (ms), retention (ms),
--       'append' (to the log) or 'fill' (only the lists), tags as the log carries them, number of aliases, number of
--       lists, edition in which no like was found ('' if nobody looked), packed telling, its lifetime (ms),
--       most articles on a shelf
-- Returns {'new', position ('' if not pushed)} | {'changed', id} | {'known', id of the stored one}
--       | {'again', ''} if another article was stored since that edition: look for likes once more
--
-- The log position is the clock in ms, made unique. A correction by the same source replaces the stored text
-- and is not appended again; the other sources that carry the story stay named. The first half of the fingerprint is of
-- the words that people read, the second of how their source writes them: only the first makes a correction.
local now = now_ms(ARGV[1])
local id, fingerprint, packed = ARGV[2], ARGV[3], ARGV[4]
local words = string.sub(fingerprint, 1, #fingerprint / 2)
local published, retention = tonumber(ARGV[5]), tonumber(ARGV[6])
local lists_from = 5 + tonumber(ARGV[9])
local shelves_from = lists_from + tonumber(ARGV[10])

local function joined(ours, theirs)
  local all, known = ours or {}, {}
  for _, tag in ipairs(all) do
    known[tag] = true
  end
  for _, tag in ipairs(theirs or {}) do
    if not known[tag] then
      table.insert(all, tag)
    end
  end
  return #all > 0 and all or nil
end

local function corrected(stored)
  local old = cmsgpack.unpack(string.sub(stored, #fingerprint + 1))
  local new = cmsgpack.unpack(packed)
  new.z, new.e, new.l = old.z, now, old.l
  if old.z then  -- what the tellings of the other sources are about, it is still about
    new.c, new.o = joined(new.c, old.c), joined(new.o, old.o)
  end
  return fingerprint .. cmsgpack.pack(new)
end

for k = 5, lists_from - 1 do
  local known = redis.call('GET', KEYS[k])
  if known then
    redis.call('PEXPIRE', KEYS[k], retention)
    local stored = known == id and redis.call('GET', KEYS[2])
    if not stored or string.sub(stored, 1, #fingerprint) == fingerprint then
      return {'known', known}
    end
    if string.sub(stored, 1, #words) == words then
      redis.call('SETRANGE', KEYS[2], 0, fingerprint)
      return {'known', known}
    end
    redis.call('SET', KEYS[2], corrected(stored), 'KEEPTTL')
    return {'changed', id}
  end
end

if ARGV[11] ~= '' and (redis.call('GET', KEYS[3]) or '0') ~= ARGV[11] then
  return {'again', ''}
end
redis.call('INCR', KEYS[3])
redis.call('SET', KEYS[2], fingerprint .. packed, 'PX', retention)
if ARGV[12] ~= '' then
  redis.call('SET', KEYS[4], ARGV[12], 'PX', ARGV[13])
end
for k = 5, lists_from - 1 do
  redis.call('SET', KEYS[k], id, 'PX', retention)
end
for k = lists_from, shelves_from - 1 do
  redis.call('ZADD', KEYS[k], exact(published), id)
  redis.call('ZREMRANGEBYSCORE', KEYS[k], '-inf', exact(now - retention))
end
for k = shelves_from, #KEYS do
  redis.call('LPUSH', KEYS[k], id)
  redis.call('LTRIM', KEYS[k], 0, tonumber(ARGV[14]) - 1)
  redis.call('PEXPIRE', KEYS[k], ARGV[13])
end
if ARGV[7] ~= 'append' then
  return {'new', ''}
end

local position = now
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last then
  position = math.max(position, tonumber(string.match(last[1], '^%d+')) + 1)
end
local logged = cmsgpack.unpack(packed)
logged.l = exact(position) .. ' ' .. ARGV[8]  -- fold_article.lua reads it
redis.call('SET', KEYS[2], fingerprint .. cmsgpack.pack(logged), 'KEEPTTL')
redis.call('XADD', KEYS[1], 'MINID', '~', exact(now - retention), exact(position) .. '-0', 'id', id, 'tags', ARGV[8])
return {'new', exact(position)}
