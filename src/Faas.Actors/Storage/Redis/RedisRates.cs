namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Counts the requests of callers for all nodes of a cluster together, in Redis.
/// <para>
/// Theory of operation. A caller's bucket is one number, the time at which the bucket is full again (the generic cell rate algorithm, ITU-T
/// I.371). A request moves that time on by what one token takes to come; if the bucket would be full later than all its tokens take, the
/// request is one too many, and the number stays. The clock is that of Redis, so the clocks of the nodes do not matter. A full bucket
/// is a number in the past, which is not kept.
/// </para>
/// </summary>
public sealed class RedisRates(RedisConnection connection, StoreKeys keys)
{
    // KEYS: the bucket. ARGV: microseconds in which one token comes, tokens of the bucket. Returns 0: taken; else the microseconds until
    // the next token is there.
    private const string Take = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0)) + ARGV[1]
        local early = full - now - ARGV[1] * ARGV[2]
        if early > 0 then return math.ceil(early) end
        redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
        return 0
        """;

    /// <summary>
    /// Takes a token. Zero: the caller may go on; else how long until it may. Throws <see cref="Scripts.StoreException"/> when Redis
    /// does not answer.
    /// </summary>
    /// <param name="caller">Names the caller.</param>
    /// <param name="perSecond">How many tokens come in a second.</param>
    /// <param name="burst">How many tokens the bucket holds.</param>
    /// <param name="cancellation">Ends the wait for Redis.</param>
    public async Task<TimeSpan> TakeAsync(string caller, double perSecond, int burst, CancellationToken cancellation)
    {
        var micros = await connection.CallAsync(
            async database => (long)await database.ScriptEvaluateAsync(
                Take, [keys.Rate(caller)], [Math.Max(1, Math.Round(1e6 / perSecond)), burst]),
            cancellation);
        return TimeSpan.FromMicroseconds(micros);
    }
}
