-- Puts the command ARGV[3], a JSON text for the owner ARGV[4] ('' for any), in the queue of at most ARGV[2];
-- one whose id is known stays as it is.

local id = ARGV[3]
if redis.call('EXISTS', key('command:' .. id)) == 1 then return end
local number = redis.call('HINCRBY', meta, 'command', 1)
redis.call('HSET', key('command:' .. id), 'text', ARGV[5], 'owner', ARGV[4])
redis.call('ZADD', key('commands'), number, id)
redis.call('ZADD', key('unclaimed'), number, id)
for _, old in ipairs(redis.call('ZRANGE', key('commands'), 0, -1 - ARGV[2])) do
  redis.call('ZREM', key('commands'), old)
  redis.call('ZREM', key('unclaimed'), old)
  redis.call('DEL', key('command:' .. old))
end
ring('command')
