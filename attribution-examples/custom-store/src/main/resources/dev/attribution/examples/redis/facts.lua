-- Reads the facts of a click consistently: count, first, same event, addressed, whether it is ambiguous; '' if there is none.
-- KEYS: conversions, calls, slots, history, order, order of the event, its unnamed ones, its pending ones
-- ARGV: call key or an empty text, status, event or an empty text
-- Redis sorts members of one score by their bytes; for UUIDs as texts this is the order of unsigned numbers.
local function conversion(id)
    return id and redis.call('HGET', KEYS[1], id) or ''
end
local function earliest(order)
    return redis.call('ZRANGE', order, 0, 0)[1]
end
local addressed, several = nil, 0
if ARGV[1] ~= '' then
    addressed = redis.call('HGET', KEYS[2], ARGV[1])
elseif ARGV[2] == 'REVERSED' then
    local all = redis.call('ZRANGE', ARGV[3] == '' and KEYS[5] or KEYS[6], 0, 1)
    several = #all > 1 and 1 or 0
    addressed = #all == 1 and all[1]
else
    addressed = earliest(ARGV[2] == 'PENDING' and KEYS[7] or KEYS[8])
end
return {redis.call('ZCARD', KEYS[5]), conversion(earliest(KEYS[5])), conversion(earliest(KEYS[6])),
    conversion(addressed), several}
