namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The changes of callbacks of kept runs, as scripts of Redis, each of which is one step.
/// <para>
/// Theory of operation. The step that ends a run makes its callback due, in every way in which a run ends, so no end is without its
/// callback. A server takes a due callback under a lease: it becomes due again when the lease is over. The server then sends it, and notes
/// what came of that, which ends the lease. So a server that ends between the two has the callback sent a second time, and none is lost.
/// A note names its attempt, and counts only as long as no other server has taken the callback since; to note twice changes nothing.
/// A callback goes when its record is forgotten.
/// </para>
/// <para>
/// Keys, behind <see cref="StoreKeys.Kept"/>: <c>callbacks</c>, the ids of runs by when their callbacks are due. Fields of
/// <c>run:ID</c>: <c>callback</c>, its state; <c>tries</c>; <c>due</c>, milliseconds since 1970; <c>sending</c>, the attempt that has the
/// lease; <c>answer</c>, what came of the last attempt.
/// </para>
/// </summary>
internal static class CallbackScripts
{
    /// <summary>
    /// A part of <see cref="KeptScripts.Common"/>: the callback of a run that ends becomes due. The form of a call is JSON in which each
    /// quote within a text is escaped, so the name of the member cannot stand in a text.
    /// </summary>
    public const string Beginning = """
        local function asksForCallback(asked)
          return string.find(asked, '"callback":', 1, true)
        end
        local function beginCallback(id, text)
          local asked = call('HGET', run(id), 'call')
          if not asksForCallback(asked) then return end
          local on = cjson.decode(asked).callback.on
          local outcome = cjson.decode(text).reason == 'ok' and 'ok' or 'failed'
          if on and on ~= outcome then
            call('HSET', run(id), 'callback', 'skipped', 'tries', 0)
            return
          end
          call('HSET', run(id), 'callback', 'pending', 'tries', 0, 'due', now)
          call('ZADD', key('callbacks'), now, id)
        end

        """;

    /// <summary>
    /// ARGV: fence, milliseconds of the lease. Returns the id of a run whose callback is due, and the number of the attempt; or the
    /// milliseconds until one is due, or -1 where none is.
    /// </summary>
    public const string Take = KeptScripts.Common + """
        local id = call('ZRANGEBYSCORE', key('callbacks'), '-inf', now, 'LIMIT', 0, 1)[1]
        if not id then
          local first = call('ZRANGE', key('callbacks'), 0, 0, 'WITHSCORES')[2]
          return first and math.max(1, first - now) or -1
        end
        if call('EXISTS', run(id)) == 0 then
          call('ZREM', key('callbacks'), id)
          return 1
        end
        local attempt = call('HINCRBY', run(id), 'tries', 1)
        call('HSET', run(id), 'sending', attempt, 'due', now + ARGV[2])
        call('ZADD', key('callbacks'), now + ARGV[2], id)
        return {id, attempt}
        """;

    /// <summary>
    /// ARGV: fence, id, number of the attempt, state, milliseconds until it is sent again, what came of the attempt. Returns 1: it is
    /// noted; 0: the callback is not that attempt's.
    /// </summary>
    public const string Note = KeptScripts.Common + """
        local id = ARGV[2]
        if call('HGET', run(id), 'sending') ~= ARGV[3] then return 0 end
        call('HDEL', run(id), 'sending')
        call('HSET', run(id), 'callback', ARGV[4], 'answer', ARGV[6])
        if ARGV[4] == 'pending' then
          call('HSET', run(id), 'due', now + ARGV[5])
          call('ZADD', key('callbacks'), now + ARGV[5], id)
        else
          call('HDEL', run(id), 'due')
          call('ZREM', key('callbacks'), id)
        end
        return 1
        """;

    /// <summary>
    /// ARGV: fence, id. Returns 0: not known; 1: the run has a callback, and has not ended; 2: it has none; 3: the callback is due;
    /// 4: it was skipped.
    /// </summary>
    public const string SendAgain = KeptScripts.Common + """
        local id = ARGV[2]
        local known = call('HMGET', run(id), 'state', 'callback', 'sending', 'call')
        if not known[1] then return 0 end
        if not asksForCallback(known[4]) then return 2 end
        if known[1] ~= 'ended' then return 1 end
        if not known[2] then return 2 end
        if known[2] == 'skipped' then return 4 end
        if known[2] == 'pending' and known[3] then return 3 end
        if known[2] ~= 'pending' then call('HSET', run(id), 'callback', 'pending', 'tries', 0) end
        call('HSET', run(id), 'due', now)
        call('ZADD', key('callbacks'), now, id)
        return 3
        """;
}
