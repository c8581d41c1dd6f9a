-- Reads the facts of a click consistently: count, first, same event, same transaction; '' if there is none.
-- KEYS: conversions, order, order of the event, transactions, slots, history
-- ARGV: transaction id or an empty text
-- Redis sorts members of one score by their bytes; for UUIDs as texts this is the order of unsigned numbers.
local function conversion(id)
    return id and redis.call('HGET', KEYS[1], id) or ''
end
local function earliest(order)
    return conversion(redis.call('ZRANGE', order, 0, 0)[1])
end
local same = ARGV[1] ~= '' and redis.call('HGET', KEYS[4], ARGV[1])
return {redis.call('ZCARD', KEYS[2]), earliest(KEYS[2]), earliest(KEYS[3]), conversion(same)}
