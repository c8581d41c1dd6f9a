-- Appends one settlement: its entry and, if it has an effect, the conversion with the places that it takes.
-- KEYS: conversions, calls, slots, history, order, order of the event, its unnamed ones, its pending ones;
-- the last three again, for the event before the change
-- ARGV: attempt id, entry, the effects of its click before it in the list: [[attempt id, conversion id, revision], …];
-- and for an effect: conversion id, conversion, revision before, micros, and slot and call key or empty texts
local known = redis.call('HGET', KEYS[4], ARGV[1])
if known then
    local conversion = cjson.decode(known)['conversionId']
    return {'known', known, conversion and redis.call('HGET', KEYS[1], conversion) or ''}
end
for _, effect in ipairs(cjson.decode(ARGV[3])) do -- it was decided as if these were stored
    local stored = cjson.decode(redis.call('HGET', KEYS[4], effect[1]) or '{}')
    if stored['conversionId'] ~= effect[2] or (stored['after.revision'] or '1') ~= effect[3] then
        return {'stale'}
    end
end
if ARGV[4] then
    local id, slot, call = ARGV[4], ARGV[8], ARGV[9]
    local before = cjson.decode(redis.call('HGET', KEYS[1], id) or '{"revision":"0"}')
    local taken = slot ~= '' and redis.call('HEXISTS', KEYS[3], slot) or 0
    taken = taken + (call ~= '' and redis.call('HEXISTS', KEYS[2], call) or 0)
    if taken > 0 or before['revision'] ~= ARGV[6] then
        return {'stale'}
    end
    redis.call('HSET', KEYS[1], id, ARGV[5])
    if slot ~= '' then redis.call('HSET', KEYS[3], slot, id) end
    if call ~= '' then redis.call('HSET', KEYS[2], call, id) end
    local after = cjson.decode(ARGV[5])
    for key = 9, 11 do redis.call('ZREM', KEYS[key], id) end
    if after['reservation'] ~= 'true' then
        redis.call('ZADD', KEYS[5], ARGV[7], id)
        redis.call('ZADD', KEYS[6], ARGV[7], id)
        if not after['callKey'] then
            redis.call('ZADD', KEYS[7], ARGV[7], id)
            if after['status'] == 'PENDING' then
                redis.call('ZADD', KEYS[8], ARGV[7], id)
            end
        end
    end
end
redis.call('HSET', KEYS[4], ARGV[1], ARGV[2])
return {'appended'}
