namespace Faas.Actors.Storage.Redis;

/// <summary>
/// What metrics tell of kept runs, as a script of Redis that changes nothing. <see cref="KeptScripts"/> explains the keys.
/// </summary>
internal static class KeptLevelScripts
{
    /// <summary>
    /// ARGV: fence. Returns how many runs are due, how many wait for a time, how many ended runs are kept, the bytes of these, the bytes of
    /// what has not ended, the time in milliseconds, the call of the due run that was accepted first (empty: none is due), and the time
    /// before which its attempt did not start (0: it is the first one). A queue is sorted by priority and then by number, so its oldest run
    /// is the first of one of the priorities.
    /// </summary>
    public const string Levels = KeptScripts.Common + """
        local all = tonumber(call('HGET', key('waiting'), '') or 0)
        local later = call('ZCOUNT', key('later'), '(' .. now, '+inf')
        local first, oldest
        for _, path in ipairs(call('ZRANGE', key('turns'), 0, 99)) do
          for rank = 0, 8 do
            local low, high = string.format('%.0f', rank * 2 ^ 49), string.format('(%.0f', (rank + 1) * 2 ^ 49)
            local head = call('ZRANGEBYSCORE', queue(path), low, high, 'WITHSCORES', 'LIMIT', 0, 1)
            local number = head[2] and head[2] - low
            if number and (not first or number < first) then first, oldest = number, head[1] end
          end
        end
        local function sum(name) return tonumber(call('GET', key(name)) or 0) end
        local asked = oldest and call('HMGET', run(oldest), 'call', 'retryAt') or {''}
        return {all - later, later, call('ZCARD', key('ended')), sum('bytes'), sum('open'), now, asked[1] or '', asked[2] or 0}
        """;
}
