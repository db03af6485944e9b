namespace Faas.Actors.Storage.Redis;

/// <content>What each script begins with: the names of keys, and the steps that several scripts take.</content>
internal static partial class KeptScripts
{
    // KEYS: the beginning of all keys, what the store must hold (StoreFence) or nothing. ARGV[1]: its value.
    internal const string Common = """
        local base, call = KEYS[1], redis.call
        if KEYS[2] and call('GET', KEYS[2]) ~= ARGV[1] then
          return redis.error_reply('NOTOWNER this server does not own the store any more')
        end
        local time = call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function key(name) return base .. name end
        local function run(id) return base .. 'run:' .. id end
        local function log(id) return base .. 'log:' .. id end
        local function queue(path) return base .. 'queue:' .. path end
        local function enqueue(id, path, place)
          call('ZADD', queue(path), place, id)
          if not call('ZSCORE', key('turns'), path) then call('ZADD', key('turns'), call('INCR', key('turn')), path) end
        end
        local function count(path, change)
          call('HINCRBY', key('waiting'), '', change)
          if call('HINCRBY', key('waiting'), path, change) < 1 then call('HDEL', key('waiting'), path) end
        end
        local function size(id)
          local sum = 0
          for _, field in ipairs({'call', 'input', 'end', 'result', 'failure'}) do sum = sum + call('HSTRLEN', run(id), field) end
          return sum + (call('HGET', run(id), 'logged') or 0)
        end
        local function last(id)
          local entry = call('XREVRANGE', log(id), '+', '-', 'COUNT', 1)[1]
          return entry and tonumber(string.match(entry[1], '^%d+')) or 0
        end
        -- Of a run that has not ended. From ARGV[first] on: the last number of a piece, its size, its lines; and so on.
        local function append(id, most, first)
          if #ARGV < first then return end
          local known, before = last(id), tonumber(call('HGET', run(id), 'logged') or 0)
          local held = before
          for at = first, #ARGV, 3 do
            if tonumber(ARGV[at]) > known then
              call('XADD', log(id), ARGV[at] .. '-0', 'size', ARGV[at + 1], 'lines', ARGV[at + 2])
              held = held + ARGV[at + 1]
            end
          end
          while held > tonumber(most) do
            local oldest = call('XRANGE', log(id), '-', '+', 'COUNT', 1)[1]
            call('XDEL', log(id), oldest[1])
            held = held - oldest[2][2]
          end
          call('HSET', run(id), 'logged', held)
          call('INCRBY', key('open'), held - before)
        end
        local function ended(path) return base .. 'ended:' .. path end
        -- The path is known where the id was found among those of a script: a server of an earlier form leaves ids there that are gone.
        local function forget(id, sum, path)
          call('DECRBY', key(sum), size(id))
          path = path or call('HGET', run(id), 'path')
          if path then call('ZREM', ended(path), id) end
          local once = call('HGET', run(id), 'once')
          if once then call('HDEL', key('once'), once) end
          call('DEL', run(id), log(id))
          call('ZREM', key('all'), id)
          call('ZREM', key('ended'), id)
          call('ZREM', key('callbacks'), id)
        end
        local function wasStarted(id) return tonumber(call('HGET', run(id), 'attempt') or 0) > 0 end
        local function batch(id) return base .. 'batch:' .. id end
        local function sizeOfBatch(id)
          return call('HSTRLEN', batch(id), 'call') + 1024 + 64 * call('HGET', batch(id), 'count')
        end
        local function forgetBatch(id)
          call('DECRBY', key('bytes'), sizeOfBatch(id))
          local once = call('HGET', batch(id), 'once')
          if once then call('HDEL', key('once'), once) end
          call('DEL', batch(id), batch(id) .. ':log')
          call('ZREM', key('batches'), id)
          call('ZREM', key('batches-ended'), id)
        end
        -- Of what has ended, the oldest, and the runs of a batch before the batch.
        local function forgetOldest(isRun)
          local first = call('ZRANGE', key('ended'), 0, 0, 'WITHSCORES')
          local whole = call('ZRANGE', key('batches-ended'), 0, 0, 'WITHSCORES')
          if not isRun and whole[1] and (not first[1] or tonumber(whole[2]) < tonumber(first[2])) then forgetBatch(whole[1])
          elseif first[1] then forget(first[1], 'bytes') end
        end
        -- Tells the batch of a run, if it has one, before the state of the run changes. The text is how the run ended.
        local function moves(id, state, text)
          local known = call('HMGET', run(id), 'batch', 'state', 'index')
          local whole = known[1]
          if not whole then return end
          call('HINCRBY', batch(whole), known[2], -1)
          local there = call('HINCRBY', batch(whole), state, 1)
          if state == 'running' then call('HSETNX', batch(whole), 'started', now) end
          if state ~= 'ended' then return end
          local reason = string.match(text, '^{"reason":"([^"]+)"')
          call('HINCRBY', batch(whole), 'reason:' .. reason, 1)
          call('XADD', batch(whole) .. ':log', string.format('%d-0', there), 'index', known[3], 'run', id, 'reason', reason)
          if there < tonumber(call('HGET', batch(whole), 'count')) then return end
          call('HSET', batch(whole), 'done', now)
          call('ZADD', key('batches-ended'), now, whole)
          call('DECRBY', key('open'), sizeOfBatch(whole))
          call('INCRBY', key('bytes'), sizeOfBatch(whole))
        end
        local function add(id, path, form, text, input, state)
          local number = call('INCR', key('seq'))
          call('HSET', run(id), 'form', form, 'state', state, 'path', path, 'number', number, 'call', text, 'input', input)
          call('ZADD', key('all'), number, id)
          call('INCRBY', key('open'), size(id))
          return number
        end
        -- How many lines there are in all; nothing: as many as are stored, or as the attempts before have printed.
        local function printed(id, lines)
          if lines == '' then lines = math.max(last(id), tonumber(call('HGET', run(id), 'lines') or 0)) end
          if tonumber(lines) > 0 then call('HSET', run(id), 'lines', lines) end
        end
        local function isTold(id) return not call('ZSCORE', key('callbacks'), id) end
        -- What the version of a run that has just ended says about the runs of its script. One whose callback is under way stays.
        local function retain(id)
          local path, text = call('HGET', run(id), 'path'), call('HGET', run(id), 'call')
          local says = string.find(text, '"retention":', 1, true) and cjson.decode(text).retention or {}
          if says.age then call('HSET', key('ages'), path, math.floor(says.age * 1000)) else call('HDEL', key('ages'), path) end
          for _ = 1, 100 do
            if not says.count or call('ZCARD', ended(path)) <= says.count then break end
            local oldest = call('ZRANGE', ended(path), 0, 0)[1]
            if not isTold(oldest) then break end
            forget(oldest, 'bytes', path)
          end
        end

        """ + CallbackScripts.Beginning + """
        local function finish(id, text, result, most, bytes, lines, logged, first)
          append(id, logged, first)
          printed(id, lines)
          call('DECRBY', key('open'), size(id))
          moves(id, 'ended', text)
          call('HSET', run(id), 'state', 'ended', 'ended', now, 'end', text)
          if result ~= '' then call('HSET', run(id), 'result', result) end
          call('HDEL', key('marked'), id)
          beginCallback(id, text)
          call('ZADD', key('ended'), now, id)
          call('ZADD', ended(call('HGET', run(id), 'path')), now, id)
          call('INCRBY', key('bytes'), size(id))
          retain(id)
          for _ = 1, 100 do
            local areMany = call('ZCARD', key('ended')) > tonumber(most)
            if not areMany and tonumber(call('GET', key('bytes'))) <= tonumber(bytes) then break end
            forgetOldest(areMany)
          end
        end

        """;
}
