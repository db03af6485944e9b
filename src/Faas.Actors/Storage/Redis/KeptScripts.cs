namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The changes of kept runs, as scripts of Redis, each of which is one step.
/// <para>
/// Theory of operation. A run is <c>queued</c>, then <c>running</c>, then <c>ended</c>; no script goes back, except that a run is queued
/// again when its worker says that nothing has started, or that it is to be started again. A run that waits stands in the queue of its
/// script, by priority and then by the number that it was accepted with, or among those that wait for a time. The scripts with a queue
/// take turns: the one that was served least recently has the lowest number in <c>turns</c>. A run that is executed stands in
/// <c>running</c> under the seat of its worker, and its end counts only as long as it stands there; so a server that was given up cannot
/// write over the end that another one wrote for it. A seat that asks for a run though it has one has missed the reply that gave it, and
/// gets that run again. The next run of a chain is accepted in the step that ends the run before it.
/// </para>
/// <para>
/// The output of a run stands in one stream, while the run is executed and afterwards. An entry has the number of its last line as
/// its id, so the numbers of lines are those that readers name, and lines that come twice, because a reply was lost, are added once. When
/// the entries take more than they may, the oldest go.
/// </para>
/// <para>
/// A batch counts its runs by their states, and notes their ends in the order in which they come. The step that moves a run moves the count
/// with it, so the two never differ. <see cref="BatchScripts"/> says which keys a batch has.
/// </para>
/// <para>
/// Keys, behind <see cref="StoreKeys.Kept"/>: <c>run:ID</c>, a hash; <c>log:ID</c>, a stream; <c>all</c>, the ids by number;
/// <c>ended</c>, the ids by their ends, and <c>ended:PATH</c>, those of a script that have ended since servers write this key;
/// <c>ages</c>, for how many milliseconds the runs of a path are kept, where the version of the last one says so;
/// <c>queue:PATH</c> and <c>later</c>, what waits; <c>turns</c>, the paths with a queue;
/// <c>waiting</c>, how many wait, by path and in all (the empty field); <c>once</c>, ids by the names of calls that have one run
/// however often they are sent; <c>running</c>, ids by seat; <c>marked</c>, seats by the id of a run that is to be cancelled;
/// <c>seq</c> and <c>turn</c>, counters; <c>bytes</c>, the size of what has ended; <c>open</c>, the size of what has not, batches included.
/// </para>
/// </summary>
internal static class KeptScripts
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

    /// <summary>
    /// Adds a run to the queue: id, path, rank (0: first), milliseconds since 1970 before which it does not start, most that wait of the
    /// path, in all, most bytes, form, call, input. Returns 0: accepted; 1: all are too many; 2: those of the path; 3: the bytes.
    /// </summary>
    internal const string Accepting = """
        local function isTooMuch(asked, input, most)
          local held = tonumber(call('GET', key('open')) or 0)
          return held > 0 and held + #asked + #input > tonumber(most)
        end
        local function accept(id, path, rank, after, ofPath, inAll, most, form, asked, input)
          if call('EXISTS', run(id)) == 1 then return 0 end
          if tonumber(call('HGET', key('waiting'), '') or 0) >= tonumber(inAll) then return 1 end
          if tonumber(call('HGET', key('waiting'), path) or 0) >= tonumber(ofPath) then return 2 end
          if isTooMuch(asked, input, most) then return 3 end
          local number = add(id, path, form, asked, input, 'queued')
          local place = string.format('%.0f', rank * 2 ^ 49 + number)
          call('HSET', run(id), 'place', place)
          count(path, 1)
          if tonumber(after) > now then call('ZADD', key('later'), after, id) else enqueue(id, path, place) end
          return 0
        end

        """;

    /// <summary>How many values <see cref="Accepting"/> takes.</summary>
    internal const int AcceptedValues = 10;

    /// <summary>ARGV: fence, and what <see cref="Accepting"/> takes. Returns what that does.</summary>
    public const string Accept = Common + Accepting + """
        return accept(unpack(ARGV, 2, 11))
        """;

    /// <summary>
    /// ARGV: as of <see cref="Accept"/>, and then the name of the call, or nothing, what it asks for, and the seat of who executes it at
    /// once, or nothing. Returns the number that <see cref="Accept"/> returns for a run that is not accepted; or the id that the name
    /// stands for now, and what the call of that run asked for.
    /// </summary>
    public const string Claim = Common + Accepting + """
        local id, name, print, seat = ARGV[2], ARGV[12], ARGV[13], ARGV[14]
        local known = name ~= '' and call('HGET', key('once'), name)
        if known then return {known, call('HGET', run(known), 'print')} end
        if seat == '' then
          local refused = accept(unpack(ARGV, 2, 11))
          if refused > 0 then return refused end
        else
          if isTooMuch(ARGV[10], ARGV[11], ARGV[8]) then return 3 end
          add(id, ARGV[3], ARGV[9], ARGV[10], ARGV[11], 'running')
          call('HSET', run(id), 'seat', seat, 'taken', now, 'attempt', 1)
          call('HSET', key('running'), seat, id)
        end
        if name ~= '' then
          call('HSET', run(id), 'once', name, 'print', print)
          call('HSET', key('once'), name, id)
        end
        return {id, print}
        """;

    /// <summary>
    /// ARGV: as of <see cref="Accept"/>, and then the id of the run whose place it takes. Returns the number that <see cref="Accept"/>
    /// returns for a run that is not accepted; or the id of the run that has taken the place.
    /// </summary>
    public const string Redrive = Common + Accepting + """
        local id, old = ARGV[2], ARGV[12]
        local earlier = call('HGET', run(old), 'redriven')
        if earlier then return earlier end
        local refused = accept(unpack(ARGV, 2, 11))
        if refused > 0 then return refused end
        if call('EXISTS', run(old)) == 1 then call('HSET', run(old), 'redriven', id) end
        return id
        """;

    /// <summary>ARGV: fence, seat, id.</summary>
    public const string Withdraw = Common + """
        local seat, id = ARGV[2], ARGV[3]
        if call('HGET', key('running'), seat) ~= id then return 0 end
        call('HDEL', key('running'), seat)
        call('HDEL', key('marked'), id)
        forget(id, 'open')
        return 1
        """;

    /// <summary>
    /// ARGV: fence, id, path, form, call, input, end, value, most ended runs, most bytes, seat, how often it was started, how many lines it
    /// has printed, most bytes of its output, the pieces of its output.
    /// </summary>
    public const string Keep = Common + """
        local id = ARGV[2]
        if call('EXISTS', run(id)) == 1 then return 0 end
        add(id, ARGV[3], ARGV[4], ARGV[5], ARGV[6], 'ended')
        call('HSET', run(id), 'seat', ARGV[11], 'attempt', ARGV[12])
        finish(id, ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[13], ARGV[14], 15)
        return 1
        """;

    /// <summary>
    /// ARGV: fence, seat. Returns the id, call, input, number, form, when it was taken, how often it was returned and started, and how many
    /// lines earlier attempts have printed; or the milliseconds until a run may start, or -1 where none waits.
    /// </summary>
    public const string Take = Common + """
        local seat = ARGV[2]
        local id = call('HGET', key('running'), seat)
        if not id then
          for _, due in ipairs(call('ZRANGEBYSCORE', key('later'), '-inf', now, 'LIMIT', 0, 100)) do
            call('ZREM', key('later'), due)
            local at = call('HMGET', run(due), 'path', 'place')
            enqueue(due, at[1], at[2])
          end
          local path = call('ZRANGE', key('turns'), 0, 0)[1]
          if not path then
            local first = call('ZRANGE', key('later'), 0, 0, 'WITHSCORES')[2]
            return first and math.max(1, first - now) or -1
          end
          id = call('ZPOPMIN', queue(path))[1]
          if call('EXISTS', queue(path)) == 1 then call('ZADD', key('turns'), call('INCR', key('turn')), path)
          else call('ZREM', key('turns'), path) end
          count(path, -1)
          moves(id, 'running')
          call('HSET', run(id), 'state', 'running', 'seat', seat, 'taken', now)
          call('HINCRBY', run(id), 'attempt', 1)
          call('HSET', key('running'), seat, id)
        end
        local known = call('HMGET', run(id), 'call', 'input', 'number', 'form', 'taken', 'returns', 'attempt', 'lines')
        return {id, unpack(known)}
        """;

    /// <summary>
    /// ARGV: fence, seat, id, end, value, most ended runs, most bytes, how many lines it has printed (empty: as many as are stored), most
    /// bytes of its output; of the next run of its chain what <see cref="Accepting"/> takes (an empty id: there is none); why there is
    /// none, though there should be (empty: there is, or should not); why it is not accepted, by the number that <see cref="Accepting"/>
    /// returns, 1 to 3; and the pieces of its output that are not stored yet. Returns 1: it has ended; 0: it is not the seat's.
    /// </summary>
    public const string End = Common + Accepting + """
        local id = ARGV[3]
        if call('HGET', key('running'), ARGV[2]) ~= id then return 0 end
        call('HDEL', key('running'), ARGV[2])
        if call('HEXISTS', key('marked'), id) == 0 then
          local refused = ARGV[20]
          if ARGV[10] ~= '' then
            local number = accept(unpack(ARGV, 10, 19))
            if number > 0 then refused = ARGV[20 + number] else call('HSET', run(id), 'next', ARGV[10]) end
          end
          if refused ~= '' then call('HSET', run(id), 'nextRefused', refused) end
        end
        finish(id, ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], 24)
        return 1
        """;

    /// <summary>
    /// ARGV: fence, seat, id, how often it was started, milliseconds until it may start again, failure, the end if it was cancelled
    /// meanwhile, most ended runs, most bytes, how many lines it has printed (empty: as many as are stored), most bytes of its output, the
    /// pieces of its output that are not stored yet. Returns 0: it is not the seat's; 1: it waits; 2: it has ended.
    /// </summary>
    public const string Retry = Common + """
        local seat, id = ARGV[2], ARGV[3]
        if call('HGET', key('running'), seat) ~= id or call('HGET', run(id), 'attempt') ~= ARGV[4] then return 0 end
        call('HDEL', key('running'), seat)
        if call('HEXISTS', key('marked'), id) == 1 then
          finish(id, ARGV[7], '', ARGV[8], ARGV[9], ARGV[10], ARGV[11], 12)
          return 2
        end
        append(id, ARGV[11], 12)
        printed(id, ARGV[10])
        local due, before = string.format('%.0f', now + ARGV[5]), size(id)
        call('HDEL', run(id), 'seat', 'taken')
        moves(id, 'queued')
        call('HSET', run(id), 'state', 'queued', 'failure', ARGV[6], 'failedAt', now, 'retryAt', due)
        call('INCRBY', key('open'), size(id) - before)
        count(call('HGET', run(id), 'path'), 1)
        call('ZADD', key('later'), due, id)
        return 1
        """;

    /// <summary>
    /// ARGV: fence, seat, id, most bytes of its output, pieces of it. Returns 1: they are stored; 0: the run is not the seat's.
    /// </summary>
    public const string Append = Common + """
        if call('HGET', key('running'), ARGV[2]) ~= ARGV[3] then return 0 end
        append(ARGV[3], ARGV[4], 5)
        return 1
        """;

    /// <summary>
    /// ARGV: fence, seat, id, end of a run that was cancelled, most ended runs, most bytes, end of one that was cancelled between attempts.
    /// </summary>
    public const string Return = Common + """
        local seat, id = ARGV[2], ARGV[3]
        if call('HGET', key('running'), seat) ~= id then return 0 end
        call('HDEL', key('running'), seat)
        call('HINCRBY', run(id), 'attempt', -1)
        call('HINCRBY', run(id), 'returns', 1)
        call('HDEL', run(id), 'seat', 'taken')
        if call('HEXISTS', key('marked'), id) == 1 then
          finish(id, wasStarted(id) and ARGV[7] or ARGV[4], '', ARGV[5], ARGV[6], 0, 0, #ARGV + 1)
        else
          local at = call('HMGET', run(id), 'path', 'place')
          moves(id, 'queued')
          call('HSET', run(id), 'state', 'queued')
          count(at[1], 1)
          enqueue(id, at[1], at[2])
        end
        return 1
        """;

    /// <summary>
    /// ARGV: fence, id, end of a run that was cancelled, most ended runs, most bytes, end of one that was cancelled between attempts.
    /// Returns 0: not known; 1: it has ended now; 2: it had ended; 3: it is executed, and is marked.
    /// </summary>
    public const string Cancel = Common + """
        local id = ARGV[2]
        local known = call('HMGET', run(id), 'state', 'path', 'seat')
        if not known[1] then return 0 end
        if known[1] == 'ended' then return 2 end
        if known[1] == 'running' then
          call('HSET', key('marked'), id, known[3])
          return 3
        end
        if call('ZREM', key('later'), id) == 0 then
          call('ZREM', queue(known[2]), id)
          if call('EXISTS', queue(known[2])) == 0 then call('ZREM', key('turns'), known[2]) end
        end
        count(known[2], -1)
        finish(id, wasStarted(id) and ARGV[6] or ARGV[3], '', ARGV[4], ARGV[5], 0, 0, #ARGV + 1)
        return 1
        """;

    /// <summary>
    /// ARGV: fence, age in milliseconds, the most runs that it forgets, and the most batches. Returns how many runs it has forgotten, or
    /// how many batches where those are more.
    /// </summary>
    public const string Clean = Common + """
        local old = call('ZRANGEBYSCORE', key('ended'), '-inf', now - ARGV[2], 'LIMIT', 0, ARGV[3])
        for _, id in ipairs(old) do forget(id, 'bytes') end
        local ages = call('HGETALL', key('ages'))
        for at = 1, #ages, 2 do
          if #old >= tonumber(ARGV[3]) then break end
          local last = now - ages[at + 1]
          local due = call('ZRANGEBYSCORE', ended(ages[at]), '-inf', last, 'LIMIT', 0, ARGV[3] - #old)
          for _, id in ipairs(due) do
            if isTold(id) then
              forget(id, 'bytes', ages[at])
              old[#old + 1] = id
            end
          end
          if call('EXISTS', ended(ages[at])) == 0 then call('HDEL', key('ages'), ages[at]) end
        end
        local whole = call('ZRANGEBYSCORE', key('batches-ended'), '-inf', now - ARGV[2], 'LIMIT', 0, ARGV[3])
        for _, id in ipairs(whole) do forgetBatch(id) end
        return math.max(#old, #whole)
        """;
}
