-- Stands before every other script. KEYS[1] is the recording's tag; every key is made from it.
-- ARGV[1] is a name for the log, taken when the recording is new. What follows it is each script's own.

local tag = KEYS[1]
local function key(name) return tag .. ':' .. name end
local meta, stream = key('meta'), key('stream')
-- Looked first: a server that is full, or only copies another one, refuses every command that might write.
if redis.call('HEXISTS', meta, 'log') == 0 then
  redis.call('HSET', meta, 'log', ARGV[1], 'head', 0, 'tail', 1)
end

local function meta_numbers(...)
  local found = redis.call('HMGET', meta, ...)
  for place = 1, #found do found[place] = tonumber(found[place] or 0) end
  return unpack(found)
end

local function next_number() return redis.call('HINCRBY', meta, 'head', 1) end

-- Numbers are the ids of the stream's entries, so a reader resumes from its last one.
local function announce(seq, kind, id, detail)
  redis.call('XADD', stream, seq .. '-0', 'kind', kind, 'id', id, 'detail', detail)
end

local function notice(kind, id, detail)
  local seq = next_number()
  announce(seq, kind, id, detail)
  redis.call('ZADD', key('notices'), seq, seq)
end

local function ring(what) redis.call('PUBLISH', key('bell'), what) end

-- An exchange that no limit may remove is in neither of the two lists of candidates.
local function list_candidate(id, finished, ordinal)
  redis.call('ZREM', key('done'), id)
  redis.call('ZREM', key('going'), id)
  if ordinal then redis.call('ZADD', key(finished == '1' and 'done' or 'going'), ordinal, id) end
end

local function forget_open(owner, id)
  redis.call('SREM', key('open:' .. owner), id)
  if redis.call('SCARD', key('open:' .. owner)) == 0 then redis.call('SREM', key('owners'), owner) end
end

local function remove(id)
  local kept = key('exchange:' .. id)
  local seq, size, owner = unpack(redis.call('HMGET', kept, 'seq', 'size', 'owner'))
  if seq then
    redis.call('XDEL', stream, seq .. '-0')
    redis.call('HINCRBY', meta, 'bytes', -size)
    forget_open(owner, id)
  end
  redis.call('DEL', kept)
  redis.call('ZREM', key('order'), id)
  list_candidate(id, nil, nil)
  redis.call('HINCRBY', meta, 'count', -1)
end

-- Microseconds of the server's own clock: those of several hosts differ.
local function now_us()
  local now = redis.call('TIME')
  return now[1] * 1000000 + now[2]
end

-- Keeps the limits: the oldest finished exchanges go first. So many at once that nobody waits for long.
local function trim(limits)
  local oldest_us = now_us() - limits.age_us
  for _ = 1, 500 do
    local id = redis.call('ZRANGE', key('done'), 0, 0)[1] or redis.call('ZRANGE', key('going'), 0, 0)[1]
    if not id then break end
    local count, pinned, bytes, pinned_bytes = meta_numbers('count', 'pinned', 'bytes', 'pinned_bytes')
    local is_over = count - pinned > limits.exchanges or bytes - pinned_bytes > limits.bytes
    local stored_us = tonumber(redis.call('HGET', key('exchange:' .. id), 'stored_us') or 0)
    if not is_over and stored_us > oldest_us then break end
    remove(id)
    redis.call('HINCRBY', meta, 'trimmed', 1)
    notice('removed', id, '')
  end
  while redis.call('ZCARD', key('notices')) > limits.notices do
    local seq = redis.call('ZPOPMIN', key('notices'))[1]
    redis.call('XDEL', stream, seq .. '-0')
    redis.call('HSET', meta, 'tail', seq + 1)
  end
end
