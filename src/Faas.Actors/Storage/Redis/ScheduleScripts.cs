namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The changes of schedules, as scripts of Redis, each of which is one step.
/// <para>
/// Theory of operation. A schedule stands at its next instant. A step moves it on only from where it stood and in the revision that was
/// read, and accepts the run of the instant with it (<see cref="KeptScripts.Accepting"/>). So each instant is passed once, whichever
/// server does it, and a run exists if and only if its instant was passed by a fire.
/// </para>
/// <para>
/// Keys, behind <see cref="StoreKeys.Kept"/> as those of the runs: <c>schedule:NAME</c>, a hash; <c>schedules</c>, the names, every score
/// 0; <c>due</c>, the names by their next instants; <c>schedule-revision</c>, a counter.
/// </para>
/// </summary>
internal static class ScheduleScripts
{
    private const string Common = KeptScripts.Common + KeptScripts.Accepting + """
        local function schedule(name) return base .. 'schedule:' .. name end
        local function stand(name, instant)
          if instant == '' then
            call('HDEL', schedule(name), 'next')
            call('ZREM', key('due'), name)
          else
            call('HSET', schedule(name), 'next', instant)
            call('ZADD', key('due'), instant, name)
          end
        end

        """;

    /// <summary>
    /// ARGV: fence, name, revision that it replaces (0: none), most schedules, form, schedule, input, next instant or nothing. Returns the
    /// revision; or -1: it has another one; -2: there are too many.
    /// </summary>
    public const string Write = Common + """
        local name = ARGV[2]
        local known = call('HGET', schedule(name), 'revision')
        if (known or '0') ~= ARGV[3] then return -1 end
        if not known and call('ZCARD', key('schedules')) >= tonumber(ARGV[4]) then return -2 end
        local revision = call('INCR', key('schedule-revision'))
        call('HSET', schedule(name), 'revision', revision, 'form', ARGV[5], 'schedule', ARGV[6], 'input', ARGV[7])
        call('ZADD', key('schedules'), 0, name)
        stand(name, ARGV[8])
        return revision
        """;

    /// <summary>ARGV: fence, name, revision. Returns 1: it is deleted; 0: it has another revision, or does not exist.</summary>
    public const string Delete = Common + """
        local name = ARGV[2]
        if call('HGET', schedule(name), 'revision') ~= ARGV[3] then return 0 end
        stand(name, '')
        call('DEL', schedule(name))
        call('ZREM', key('schedules'), name)
        return 1
        """;

    /// <summary>
    /// ARGV: fence, name, revision, instant at which it stands, next instant or nothing, how many are missed, what to do (<c>pass</c>,
    /// <c>fail</c>, or the overlap rule of a fire), instant that fires, failure; and what <see cref="KeptScripts.Accepting"/> takes.
    /// Returns 0: it stands elsewhere; 1: done; 2: skipped; 3: the last run is to be cancelled first; 4 to 6: the run is not accepted.
    /// </summary>
    public const string Step = Common + """
        local name, what, instant = ARGV[2], ARGV[7], ARGV[8]
        local known = call('HMGET', schedule(name), 'revision', 'next', 'run')
        if known[1] ~= ARGV[3] or known[2] ~= ARGV[4] then return 0 end
        local result = 1
        if what == 'fail' then
          call('HSET', schedule(name), 'failedAt', instant, 'failure', ARGV[9])
          call('HINCRBY', schedule(name), 'failed', 1)
        elseif what ~= 'pass' then
          local state = known[3] and call('HGET', run(known[3]), 'state')
          local isBusy = state and state ~= 'ended'
          if isBusy and what == 'cancel' then return 3 end
          if isBusy and what == 'skip' then
            call('HSET', schedule(name), 'skippedAt', instant)
            call('HINCRBY', schedule(name), 'skipped', 1)
            result = 2
          else
            local refused = accept(unpack(ARGV, 10, 19))
            if refused > 0 then return 3 + refused end
            call('HSET', schedule(name), 'fired', instant, 'run', ARGV[10])
            call('HINCRBY', schedule(name), 'runs', 1)
          end
        end
        if ARGV[6] ~= '0' then call('HINCRBY', schedule(name), 'missed', ARGV[6]) end
        stand(name, ARGV[5])
        return result
        """;
}
