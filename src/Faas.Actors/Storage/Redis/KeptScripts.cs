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
internal static partial class KeptScripts
{
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
