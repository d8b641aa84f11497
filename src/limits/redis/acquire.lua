-- Decides on an attempt by all of its buckets as `gcra::decide` does, by the clock of this server.
-- KEYS: the buckets. ARGV: for each its interval and its window in microseconds, and 1 where it is an exemption.
-- Returns the place of the bucket that refuses, or 0; the wait in microseconds; what was taken of each bucket.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local function read(place)
    local interval, window = tonumber(ARGV[3 * place - 2]), tonumber(ARGV[3 * place - 1])
    local tat = tonumber(redis.call('GET', KEYS[place]) or 0) or 0
    local from = math.min(math.max(tat, now), now + window)
    local to = from + interval
    return {
        from = from,
        to = math.min(to, now + window),
        wait = math.max(to - now - window, 0),
        exemption = ARGV[3 * place] == '1',
    }
end

local buckets = {}
for place = 1, #KEYS do
    buckets[place] = read(place)
end

local worst, wait = 0, 0
for place, bucket in ipairs(buckets) do
    if not bucket.exemption then
        local longest = bucket.wait
        local after = buckets[place + 1]
        if after and after.exemption then
            longest = math.min(longest, after.wait)
        end
        if longest > wait then
            worst, wait = place, longest
        end
    end
end

local answer = { worst, wait }
if worst == 0 then
    for place, bucket in ipairs(buckets) do
        local life = math.ceil((bucket.to - now) / 1000)
        redis.call('SET', KEYS[place], string.format('%.0f', bucket.to), 'PX', life)
        answer[place + 2] = bucket.to - bucket.from
    end
end
return answer
