-- The newest number, and the newest ARGV[2] exchanges by start, newest first: number, row, pinned.

local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', key('order'), 0, ARGV[2] - 1)) do
  local kept = redis.call('HMGET', key('exchange:' .. id), 'seq', 'row', 'pinned')
  if kept[2] then found[#found + 1] = {kept[1], kept[2], kept[3] or ''} end
end
return {(meta_numbers('head')), found}
