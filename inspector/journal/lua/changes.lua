-- At most ARGV[3] changes numbered above ARGV[2]: number, word, exchange, detail, row, pinned.

local found = {}
for _, entry in ipairs(redis.call('XRANGE', stream, (ARGV[2] + 1) .. '-0', '+', 'COUNT', ARGV[3])) do
  local seq, kind, id, detail = string.match(entry[1], '^%d+'), entry[2][2], entry[2][4], entry[2][6]
  local row, pinned = unpack(redis.call('HMGET', key('exchange:' .. id), 'row', 'pinned'))
  -- A server that was told to evict may have lost the row.
  if kind ~= 'saved' then row = '' end
  if row then found[#found + 1] = {seq, kind, id, detail, row, pinned or ''} end
end
return found
