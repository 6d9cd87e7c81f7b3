-- Make the followers of some tags in some buckets of one shard due, since the moment the story was logged.
-- KEYS  due, held, followers' sets… (or hashes of settings: then everybody in them is met)
-- ARGV  log position of the story (ms), which is the due time
-- Returns how many followers were met (one that follows several of the tags counts each time).
--
-- Order at equal time is fair by the fraction of a millisecond in the score: groups and channels (negative ids,
-- many readers each) have none and go first; private chats get a fraction that rotates with the position, so
-- that nobody is always last. Running it twice changes nothing.
local position = tonumber(ARGV[1])
local holds = redis.call('EXISTS', KEYS[2]) == 1

local function due_time(member)
  local id = tonumber(member) or tonumber(string.match(member, '^-?%d+'))
  return id > 0 and position + (1 + (id * 1021 + position) % 4093) / 4096 or position
end

-- Five hundred together: Lua takes no more than some thousand arguments.
local MOST = 500
local members, scores, n = {}, {}, 0

local function mark()
  if n == 0 then
    return
  end
  local held = holds and redis.call('ZMSCORE', KEYS[2], unpack(members, 1, n)) or {}
  local pairs = {}
  for i = 1, n do
    -- Redis writes numbers out in full by itself.
    pairs[2 * i - 1] = held[i] and math.max(scores[i], tonumber(held[i])) or scores[i]
    pairs[2 * i] = members[i]
  end
  redis.call('ZADD', KEYS[1], 'LT', unpack(pairs, 1, 2 * n))
  n = 0
end

local met = 0
for k = 3, #KEYS do
  local all_settings = redis.call('TYPE', KEYS[k]).ok == 'hash'
  for _, member in ipairs(redis.call(all_settings and 'HKEYS' or 'SMEMBERS', KEYS[k])) do
    n = n + 1
    members[n], scores[n] = member, due_time(member)
    if n == MOST then
      met = met + n
      mark()
    end
  end
end
met = met + n
mark()
return met
