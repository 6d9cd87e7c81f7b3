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
local met = 0
for k = 3, #KEYS do
  local all_settings = redis.call('TYPE', KEYS[k]).ok == 'hash'
  local members = redis.call(all_settings and 'HKEYS' or 'SMEMBERS', KEYS[k])
  met = met + #members
  local batch = {}
  for _, member in ipairs(members) do
    local id = tonumber(member) or tonumber(string.match(member, '^-?%d+'))
    local score = position
    if id > 0 then
      score = position + (1 + (id * 1021 + position) % 4093) / 4096
    end
    if holds then
      score = math.max(score, tonumber(redis.call('ZSCORE', KEYS[2], member) or 0))
    end
    batch[#batch + 1] = exact(score)
    batch[#batch + 1] = member
    if #batch >= 1000 then
      redis.call('ZADD', KEYS[1], 'LT', unpack(batch))
      batch = {}
    end
  end
  if #batch > 0 then
    redis.call('ZADD', KEYS[1], 'LT', unpack(batch))
  end
end
return met
