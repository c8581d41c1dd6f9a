-- Appends one settlement: its entry and, if it has a credit, its conversion with the places that it takes.
-- KEYS: conversions, order, order of its event, transactions, slots, history, whether a credit of the list is not stored
-- ARGV: attempt id, entry; and for a credit: conversion id, conversion, slot, micros, transaction id or an empty text
local known = redis.call('HGET', KEYS[6], ARGV[1])
if known then
    local conversion = cjson.decode(known)['conversionId']
    if ARGV[3] and conversion ~= ARGV[3] then redis.call('SET', KEYS[7], '', 'EX', 60) end
    return {'known', known, conversion and redis.call('HGET', KEYS[1], conversion) or ''}
end
if redis.call('EXISTS', KEYS[7]) == 1 then return {'stale'} end -- it was decided as if that credit were stored
if ARGV[3] then
    local slot = redis.call('HEXISTS', KEYS[5], ARGV[5])
    local transaction = ARGV[7] ~= '' and redis.call('HEXISTS', KEYS[4], ARGV[7]) or 0
    if slot + transaction > 0 then
        redis.call('SET', KEYS[7], '', 'EX', 60)
        return {'stale'}
    end
    redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
    redis.call('ZADD', KEYS[2], ARGV[6], ARGV[3])
    redis.call('ZADD', KEYS[3], ARGV[6], ARGV[3])
    redis.call('HSET', KEYS[5], ARGV[5], ARGV[3])
    if ARGV[7] ~= '' then redis.call('HSET', KEYS[4], ARGV[7], ARGV[3]) end
end
redis.call('HSET', KEYS[6], ARGV[1], ARGV[2])
return {'appended'}
