-- Forgets every exchange, notice and command, and begins a new log, whose name is ARGV[1]. With an ARGV[2] of
-- 1 also what ended processes said of themselves, and when which table was served.

for _, id in ipairs(redis.call('ZRANGE', key('order'), 0, -1)) do redis.call('DEL', key('exchange:' .. id)) end
for _, owner in ipairs(redis.call('SMEMBERS', key('owners'))) do redis.call('DEL', key('open:' .. owner)) end
for _, number in ipairs(redis.call('ZRANGE', key('commands'), 0, -1)) do
  redis.call('DEL', key('command:' .. number))
end
for _, name in ipairs({'order', 'done', 'going', 'owners', 'notices', 'commands', 'unclaimed'}) do
  redis.call('DEL', key(name))
end
if ARGV[2] == '1' then
  redis.call('DEL', key('served'), key('served_last'))
  for _, owner in ipairs(redis.call('ZRANGE', key('statuses_order'), 0, -1)) do
    local state = cjson.decode(redis.call('HGET', key('statuses'), owner)).state
    if state == 'stopped' or state == 'failed' then
      redis.call('ZREM', key('statuses_order'), owner)
      redis.call('HDEL', key('statuses'), owner)
      redis.call('HDEL', key('stats'), owner)
      redis.call('HDEL', key('heard'), owner)
    end
  end
end
redis.call('XTRIM', stream, 'MAXLEN', 0)
redis.call('HDEL', meta, 'count', 'bytes', 'pinned', 'pinned_bytes', 'trimmed', 'lost')
redis.call('HSET', meta, 'log', ARGV[1])
notice('cleared', '', cjson.encode({log = ARGV[1]}))
redis.call('HSET', meta, 'tail', redis.call('HGET', meta, 'head'))
ring('change')
