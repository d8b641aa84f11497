-- Judges a try by all of its cells as `gcra::judge` does, by the clock of this server.
-- KEYS: the cells. ARGV: for each its interval and its window in microseconds, and 1 where it is a mark.
-- Answers the place of the cell that refuses, or 0; the wait in microseconds; what was taken of each cell.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local function read(place)
    local interval, window = tonumber(ARGV[3 * place - 2]), tonumber(ARGV[3 * place - 1])
    local paid = tonumber(redis.call('GET', KEYS[place]) or 0) or 0
    local from = math.min(math.max(paid, now), now + window)
    local to = from + interval
    return {
        from = from,
        to = math.min(to, now + window),
        wait = math.max(to - now - window, 0),
        mark = ARGV[3 * place] == '1',
    }
end

local cells = {}
for place = 1, #KEYS do
    cells[place] = read(place)
end

local worst, wait = 0, 0
for place, cell in ipairs(cells) do
    if not cell.mark then
        local longest = cell.wait
        local after = cells[place + 1]
        if after and after.mark then
            longest = math.min(longest, after.wait)
        end
        if longest > wait then
            worst, wait = place, longest
        end
    end
end

local answer = { worst, wait }
if worst == 0 then
    for place, cell in ipairs(cells) do
        local life = math.ceil((cell.to - now) / 1000)
        redis.call('SET', KEYS[place], string.format('%.0f', cell.to), 'PX', life)
        answer[place + 2] = cell.to - cell.from
    end
end
return answer
