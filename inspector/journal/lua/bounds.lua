-- What is held: the name of the log, then numbers.

local found = {redis.call('HGET', meta, 'log')}
for _, name in ipairs({'tail', 'head', 'trimmed', 'count', 'bytes', 'pinned', 'lost'}) do
  found[#found + 1] = meta_numbers(name)
end
return found
