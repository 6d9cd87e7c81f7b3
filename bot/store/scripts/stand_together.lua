-- Which articles stand on several of these shelves? Nothing is stored.
-- KEYS  the edition, shelves…
-- ARGV  how many articles at most
-- Returns {edition, ids, those on most of the shelves first, of equal ones that on the first shelf}
--
-- In one step: what is stored between a look at the edition and one at the shelves would be missed.
local shared, ids = {}, {}
for k = 2, #KEYS do
  local met = {}
  for _, id in ipairs(redis.call('LRANGE', KEYS[k], 0, -1)) do
    if not met[id] then
      met[id] = true
      if not shared[id] then
        ids[#ids + 1] = id
        shared[id] = {count = 0, place = #ids}
      end
      shared[id].count = shared[id].count + 1
    end
  end
end
table.sort(ids, function(a, b)
  local one, other = shared[a], shared[b]
  if one.count ~= other.count then
    return one.count > other.count
  end
  return one.place < other.place
end)
local best = {}
for n = 1, math.min(#ids, tonumber(ARGV[1])) do
  best[n] = ids[n]
end
return {redis.call('GET', KEYS[1]) or '0', best}
