-- Refunds an attempt to its buckets.
-- KEYS: the buckets. ARGV: for each what the attempt took of it, in microseconds.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

for place, key in ipairs(KEYS) do
    local tat = tonumber(redis.call('GET', key) or 0) or 0
    local left = tat - tonumber(ARGV[place])
    if left > now then
        redis.call('SET', key, string.format('%.0f', left), 'PX', math.ceil((left - now) / 1000))
    else
        redis.call('DEL', key)
    end
end
return {}
