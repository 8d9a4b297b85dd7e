-- The oldest unclaimed command for the owner ARGV[2], or for anybody; '' as the owner fits every command.
-- With ARGV[3] it is taken, and nobody else gets it; with ARGV[4] one for anybody is left alone.

for _, id in ipairs(redis.call('ZRANGE', key('unclaimed'), 0, -1)) do
  local text, owner = unpack(redis.call('HMGET', key('command:' .. id), 'text', 'owner'))
  if text and ((owner == '' and ARGV[4] ~= '1') or ARGV[2] == '' or owner == ARGV[2]) then
    if ARGV[3] == '1' then redis.call('ZREM', key('unclaimed'), id) end
    return text
  end
end
return false
