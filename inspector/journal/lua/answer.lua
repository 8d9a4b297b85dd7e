-- Answers the command ARGV[2] with the JSON text ARGV[3], unless it is gone.

if redis.call('EXISTS', key('command:' .. ARGV[2])) == 1 then
  redis.call('HSET', key('command:' .. ARGV[2]), 'answer', ARGV[3])
  ring('answer')
end
