-- Stores records in their order, all or none. ARGV[2] are the limits as JSON; then the records, each a word
-- and the values that belong to it.

local limits = cjson.decode(ARGV[2])
local place = 3
local function take()
  place = place + 1
  return ARGV[place - 1]
end

local function keep_newest(order, most, ...)
  for _, name in ipairs(redis.call('ZRANGE', key(order), 0, -1 - most)) do
    redis.call('ZREM', key(order), name)
    for _, values in ipairs({...}) do redis.call('HDEL', key(values), name) end
  end
end

local store = {}

function store.saved()
  local id, finished, owner, row, document, bodies = take(), take(), take(), take(), take(), take()
  local kept = key('exchange:' .. id)
  local old = redis.call('HMGET', kept, 'seq', 'size', 'ordinal', 'pinned')
  local seq, size, grown = next_number(), #row + #document + #bodies, 0
  local ordinal = old[3] or redis.call('HINCRBY', meta, 'ordinal', 1)
  grown = size - (old[2] or 0)
  if old[1] then
    redis.call('XDEL', stream, old[1] .. '-0')
  else
    redis.call('HINCRBY', meta, 'count', 1)
    redis.call('HSET', kept, 'stored_us', now_us())
    redis.call('ZADD', key('order'), ordinal, id)
  end
  redis.call('HSET', kept, 'seq', seq, 'size', size, 'ordinal', ordinal, 'finished', finished, 'owner', owner,
    'row', row, 'document', document, 'bodies', bodies)
  redis.call('HINCRBY', meta, 'bytes', grown)
  if old[4] then redis.call('HINCRBY', meta, 'pinned_bytes', grown) else list_candidate(id, finished, ordinal) end
  if finished == '1' then
    forget_open(owner, id)
  else
    redis.call('SADD', key('open:' .. owner), id)
    redis.call('SADD', key('owners'), owner)
  end
  announce(seq, 'saved', id, '')
end

function store.table()
  local fingerprint, snapshot = take(), take()
  redis.call('HSET', key('tables'), fingerprint, snapshot)
  redis.call('ZADD', key('tables_order'), redis.call('HGET', meta, 'head') + 1, fingerprint)
  keep_newest('tables_order', limits.tables, 'tables')
  notice('table', '', cjson.encode({fingerprint = fingerprint}))
end

function store.status()
  local owner, document, target, fingerprint, served = take(), take(), take(), take(), take()
  redis.call('HSET', key('statuses'), owner, document)
  redis.call('HDEL', key('stats'), owner)
  redis.call('ZADD', key('statuses_order'), redis.call('HGET', meta, 'head') + 1, owner)
  redis.call('HSET', key('heard'), owner, now_us())
  keep_newest('statuses_order', limits.workers, 'statuses', 'stats', 'heard')
  notice('status', '', document)
  if served ~= '' and redis.call('HGET', key('served_last'), target) ~= fingerprint then
    redis.call('HSET', key('served_last'), target, fingerprint)
    redis.call('RPUSH', key('served'), served)
    redis.call('LTRIM', key('served'), -limits.tables, -1)
  end
end

function store.stats()
  local owner, stats = take(), take()
  if redis.call('HEXISTS', key('statuses'), owner) == 0 then return end
  redis.call('HSET', key('stats'), owner, stats)
  redis.call('HSET', key('heard'), owner, now_us())
end

function store.loss()
  local detail = take()
  redis.call('HINCRBY', meta, 'lost', cjson.decode(detail).count)
  notice('loss', '', detail)
end

while place <= #ARGV do store[take()]() end
trim(limits)
ring('change')
