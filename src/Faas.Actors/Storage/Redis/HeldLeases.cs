using System.Collections.Concurrent;
using Faas.Actors.Lending;
using Faas.Actors.Scripts;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The leases that this process holds in Redis. One process at most holds a lease of a name.
/// <para>
/// Theory of operation. A lease is a key whose value names this process, and which expires unless it is renewed; one script renews all
/// leases of the process several times within <see cref="Duration"/>. This process counts a lease from the moment before it asked Redis,
/// and ends it a margin earlier than Redis does, by a clock that only runs forward. So when another process gets the lease, this one has
/// known for the length of the margin that it has it no longer, even if it stood still in between: it looks at the clock whenever it acts
/// on the lease (<see cref="Left"/>). A lease that had expired is not renewed but lost, because another process may have had it meanwhile.
/// A mark, which expires later, names the last holder; a process that takes the lease after another one leaves a sign of that, for as long
/// as what the other one has lent may be out.
/// </para>
/// </summary>
public sealed class HeldLeases : IAsyncDisposable
{
    /// <summary>How long a lease lasts unless it is renewed.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    /// <summary>How long the mark of a holder is seen after it has renewed the lease.</summary>
    private static readonly TimeSpan s_mark = Duration + LoanBook.Long;

    private static readonly TimeSpan s_margin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_renewal = TimeSpan.FromMilliseconds(800);

    // KEYS: the lease, its mark, the sign that another process had it. ARGV: this process, milliseconds of the three. Returns 0: another
    // process has it; else 1 and the milliseconds that are left of the sign.
    private const string Acquire = """
        local held = redis.call('GET', KEYS[1])
        if held and held ~= ARGV[1] then return 0 end
        local last = redis.call('GET', KEYS[2])
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[3])
        if last and last ~= ARGV[1] then redis.call('SET', KEYS[3], last, 'PX', ARGV[4]) end
        return 1 + math.max(0, redis.call('PTTL', KEYS[3]))
        """;

    // KEYS: each lease and its mark. ARGV: this process, milliseconds of both. Returns the places of the leases that it has no longer.
    private const string Renew = """
        local lost = {}
        for at = 1, #KEYS, 2 do
          if redis.call('GET', KEYS[at]) == ARGV[1] then
            redis.call('PEXPIRE', KEYS[at], ARGV[2])
            redis.call('PEXPIRE', KEYS[at + 1], ARGV[3])
          else lost[#lost + 1] = (at - 1) / 2 end
        end
        return lost
        """;

    // KEYS: the lease. ARGV: this process, milliseconds for which it is kept.
    private const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return 1
        """;

    private readonly RedisConnection _connection;
    private readonly StoreKeys _keys;
    private readonly TimeProvider _time;
    private readonly string _own = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private long _terms;
    private readonly Task _renewing;

    /// <summary>Holds no lease yet.</summary>
    public HeldLeases(RedisConnection connection, StoreKeys keys, TimeProvider time)
    {
        (_connection, _keys, _time) = (connection, keys, time);
        _renewing = RenewAsync();
    }

    /// <summary>How long this process still has the lease for certain; zero: it has not.</summary>
    public TimeSpan Left(string name) =>
        _held.TryGetValue(name, out var held) && held.Left(_time) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>
    /// Numbers the time for which this process has had the lease without a break, also while it is not certain that it still has it; zero:
    /// it has not the lease.
    /// </summary>
    public long Term(string name) => _held.TryGetValue(name, out var held) ? held.Term : 0;

    /// <summary>For how long what another process has lent for long, while it had the lease, may still be out.</summary>
    public TimeSpan LeftOfOthers(string name) =>
        _held.TryGetValue(name, out var held) && held.LeftOfOthers(_time) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>What a write under the lease must find.</summary>
    public StoreFence FenceOf(string name) => new(_keys.ShardLease(name), _own);

    /// <summary>Takes a lease, unless another process has it. Throws <see cref="StoreException"/> when Redis does not answer.</summary>
    /// <param name="name">The lease.</param>
    /// <param name="lost">Is called once, from any thread, when the lease is found to be lost.</param>
    public async Task<bool> AcquireAsync(string name, Action<Exception?> lost)
    {
        var asked = _time.GetTimestamp();
        RedisKey[] names = [.. KeysOf(name), _keys.LeaseSign(name)];
        var reply = (long)await CallAsync(Acquire, names, Duration, s_mark, LoanBook.Long);
        if (reply > 0)
        {
            _held[name] = new Held(Interlocked.Increment(ref _terms), asked, lost)
            {
                OthersEnd = _time.GetTimestamp() + _time.Of(TimeSpan.FromMilliseconds(reply - 1)),
            };
        }

        return reply > 0;
    }

    /// <summary>Gives a lease back. What Redis is not told of, expires.</summary>
    /// <param name="name">The lease.</param>
    /// <param name="after">How long it is kept from others, at most as long as it lasts anyway.</param>
    public async Task ReleaseAsync(string name, TimeSpan after)
    {
        if (_held.TryRemove(name, out _))
        {
            await CallAsync(Release, [_keys.ShardLease(name)], after < Duration ? after : Duration);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        _stop.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(s_renewal, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await RenewOnceAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RenewOnceAsync()
    {
        var held = _held.ToArray();
        if (held.Length == 0)
        {
            return;
        }

        try
        {
            var asked = _time.GetTimestamp();
            var reply = await CallAsync(Renew, [.. held.SelectMany(lease => KeysOf(lease.Key))], Duration, s_mark);
            var lost = ((int[]?)reply ?? []).ToHashSet();
            for (var at = 0; at < held.Length; at++)
            {
                var (name, lease) = held[at];
                if (!lost.Contains(at))
                {
                    lease.RenewedAt = asked;
                }
                else if (_held.TryRemove(held[at]))
                {
                    lease.Lost(new StoreException($"The lease {name} had expired."));
                }
            }
        }
#pragma warning disable CA1031 // Whatever the client of Redis throws, the next renewal must come.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The leases end by themselves unless Redis answers in time.
        }
    }

    private Task<RedisResult> CallAsync(string script, RedisKey[] names, params TimeSpan[] durations)
    {
        RedisValue[] values = [_own, .. durations.Select(duration => (RedisValue)(long)duration.TotalMilliseconds)];
        return _connection.CallAsync(database => database.ScriptEvaluateAsync(script, names, values), CancellationToken.None);
    }

    private RedisKey[] KeysOf(string name) => [_keys.ShardLease(name), _keys.LeaseMark(name)];

    private sealed class Held(long term, long renewedAt, Action<Exception?> lost)
    {
        private long _renewedAt = renewedAt;

        public long Term => term;

        public long OthersEnd { get; init; }

        public long RenewedAt
        {
            set => Volatile.Write(ref _renewedAt, value);
        }

        public Action<Exception?> Lost => lost;

        public TimeSpan Left(TimeProvider time) => Duration - s_margin - time.GetElapsedTime(Volatile.Read(ref _renewedAt));

        public TimeSpan LeftOfOthers(TimeProvider time) => time.GetElapsedTime(time.GetTimestamp(), OthersEnd);
    }
}
