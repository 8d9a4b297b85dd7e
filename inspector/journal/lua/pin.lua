-- Pins (ARGV[3] is 1) or unpins the exchange ARGV[4] under the limits ARGV[2]. -1: it is not held; 0: nothing
-- changed; 1: done; above that: so many, and one more, are pinned already.

local limits, wanted, id = cjson.decode(ARGV[2]), ARGV[3] == '1', ARGV[4]
local kept = key('exchange:' .. id)
local seq, size, ordinal, finished, pinned =
  unpack(redis.call('HMGET', kept, 'seq', 'size', 'ordinal', 'finished', 'pinned'))
if not seq then return -1 end
if (pinned ~= false) == wanted then return 0 end
local so_far = meta_numbers('pinned')
if wanted and so_far >= limits.pinned then return so_far + 2 end
redis.call('XDEL', stream, seq .. '-0')
seq = next_number()
redis.call('HSET', kept, 'seq', seq)
if wanted then
  redis.call('HSET', kept, 'pinned', 1)
  list_candidate(id, nil, nil)
else
  redis.call('HDEL', kept, 'pinned')
  list_candidate(id, finished, ordinal)
end
redis.call('HINCRBY', meta, 'pinned', wanted and 1 or -1)
redis.call('HINCRBY', meta, 'pinned_bytes', wanted and size or -size)
announce(seq, 'saved', id, '')
trim(limits)
ring('change')
return 1
