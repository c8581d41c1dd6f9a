-- Appends one settlement: its entry and, if it has a credit, its conversion with the places that it takes.
-- KEYS: conversions, order, order of its event, transactions, slots, history
-- ARGV: attempt id, entry, conversion id of the credit of its click before it in the list or an empty text;
-- and for a credit: conversion id, conversion, slot, micros, transaction id or an empty text
local known = redis.call('HGET', KEYS[6], ARGV[1])
if known then
    local conversion = cjson.decode(known)['conversionId']
    return {'known', known, conversion and redis.call('HGET', KEYS[1], conversion) or ''}
end
if ARGV[3] ~= '' and redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 then
    return {'stale'} -- it was decided as if that credit were stored
end
if ARGV[4] then
    local slot = redis.call('HEXISTS', KEYS[5], ARGV[6])
    local transaction = ARGV[8] ~= '' and redis.call('HEXISTS', KEYS[4], ARGV[8]) or 0
    if slot + transaction > 0 then
        return {'stale'}
    end
    redis.call('HSET', KEYS[1], ARGV[4], ARGV[5])
    redis.call('ZADD', KEYS[2], ARGV[7], ARGV[4])
    redis.call('ZADD', KEYS[3], ARGV[7], ARGV[4])
    redis.call('HSET', KEYS[5], ARGV[6], ARGV[4])
    if ARGV[8] ~= '' then
        redis.call('HSET', KEYS[4], ARGV[8], ARGV[4])
    end
end
redis.call('HSET', KEYS[6], ARGV[1], ARGV[2])
return {'appended'}
