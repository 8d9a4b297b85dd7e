-- Forgets every exchange, notice and command, and begins a new log, whose name is ARGV[1].

for _, id in ipairs(redis.call('ZRANGE', key('order'), 0, -1)) do redis.call('DEL', key('exchange:' .. id)) end
for _, owner in ipairs(redis.call('SMEMBERS', key('owners'))) do redis.call('DEL', key('open:' .. owner)) end
for _, number in ipairs(redis.call('ZRANGE', key('commands'), 0, -1)) do
  redis.call('DEL', key('command:' .. number))
end
for _, name in ipairs({'order', 'done', 'going', 'owners', 'notices', 'commands', 'unclaimed'}) do
  redis.call('DEL', key(name))
end
redis.call('XTRIM', stream, 'MAXLEN', 0)
redis.call('HDEL', meta, 'count', 'bytes', 'pinned', 'pinned_bytes', 'trimmed')
redis.call('HSET', meta, 'log', ARGV[1])
notice('cleared', '', cjson.encode({log = ARGV[1]}))
redis.call('HSET', meta, 'tail', redis.call('HGET', meta, 'head'))
ring('change')
