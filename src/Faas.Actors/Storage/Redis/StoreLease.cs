using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Makes this server, or the cluster that it is a node of, the only one that writes to its store.
/// <para>
/// Theory of operation. Two keys: <see cref="StoreKeys.Owner"/> says who the owner is, and expires unless the owner renews it;
/// <see cref="StoreKeys.Epoch"/> counts the owners, and stays. A server takes the store at its start, when it has no owner, or when the
/// owner is known to have ended. That raises the epoch, and each write of events makes sure, in one step with itself, that the epoch is
/// still this server's (<see cref="StoreFence"/>). So it does not matter how long a server stood still, what its clock says, or whether it
/// has noticed anything: once another server has taken the store, it changes nothing. Within its epoch the owner may renew what has
/// expired, because no other server has taken the store meanwhile.
/// </para>
/// <para>
/// An epoch that is not this server's any more, or is gone, ends the server: another one has the store, or the store is not the one that it
/// was (emptied, restored, or a replica that had not everything), and what this server has in memory is not what is stored. A store that
/// does not answer ends nothing.
/// </para>
/// <para>
/// The nodes of a cluster own the store together: each writes the same name, and renews it. Among them the leases of the shards say who
/// writes what (<see cref="RedisConnection.Fences"/>), so they look at the owner's name and not at the epoch. The first of them still
/// raises it, for the case that a server which owned the store alone stands still.
/// </para>
/// </summary>
public sealed partial class StoreLease(
    RedisConnection connection,
    StoreKeys keys,
    TimeSpan lease,
    IHostApplicationLifetime lifetime,
    ILogger<StoreLease> log,
    bool isShared = false) : IAsyncDisposable
{
    /// <summary>How the reply begins by which a fenced write is refused.</summary>
    internal const string Refused = "NOTOWNER this server does not own the store any more";

    /// <summary>How long a cluster owns its store after its last node has written the name.</summary>
    public static readonly TimeSpan OfCluster = TimeSpan.FromSeconds(10);

    private const string Nodes = "the nodes of a cluster";

    // KEYS: owner, epoch. ARGV: own value, milliseconds, the value of an owner that has ended.
    private const string Take = """
        local held = redis.call('GET', KEYS[1])
        if held and held ~= ARGV[1] and held ~= ARGV[3] then return {held, redis.call('PTTL', KEYS[1])} end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return redis.call('INCR', KEYS[2])
        """;

    // KEYS: the same. ARGV: own value, milliseconds, own epoch.
    private const string Renew = """
        if redis.call('GET', KEYS[2]) ~= ARGV[3] then return redis.call('GET', KEYS[1]) or '' end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    // KEYS: the same. ARGV: own value, milliseconds.
    private const string RenewShared = """
        local held = redis.call('GET', KEYS[1])
        if held and held ~= ARGV[1] then return held end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    // KEYS: the same. ARGV: own epoch.
    private const string Release = """
        if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return 1
        """;

    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_margin = TimeSpan.FromMilliseconds(500);
    private readonly string _own = isShared ? Nodes : StoreOwner.ThisServer().ToValue();
    private readonly CancellationTokenSource _stop = new();
    private Task _renewing = Task.CompletedTask;

    /// <summary>Why this server has to end; null: it owns the store, as far as it knows.</summary>
    public string? Loss { get; private set; }

    private RedisKey[] Keys => [keys.Owner, keys.Epoch];

    /// <summary>
    /// Takes the store, and renews the lease from then on. Throws <see cref="StoreStartException"/> when another server has it and does not
    /// let it go for as long as its lease may last.
    /// </summary>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        var (ended, waited) = ("", Stopwatch.StartNew());
        TimeSpan? patience = null;
        while (await TryTakeAsync(ended, cancellation) is { } held)
        {
            ended = "";
            if (StoreOwner.Parse(held.Value) is { HasEnded: true } dead)
            {
                LogTakenOver($"{dead}");
                ended = held.Value;
                continue;
            }

            patience ??= held.Left + s_margin;
            if (waited.Elapsed > patience)
            {
                throw new StoreStartException(
                    $"{connection.Name} with the prefix \"{keys.Prefix}\" is in use by another server ({Describe(held.Value)}). "
                    + "Stop that one, or give this one another faas.store.key-prefix.");
            }

            await Task.Delay(s_betweenLooks, cancellation);
        }

        _renewing = RenewAsync();
    }

    /// <summary>Lets the store go, if it is still this server's, so that a successor need not wait.</summary>
    public async Task ReleaseAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        if (connection.Fence is not { } fence)
        {
            return;
        }

        try
        {
            await connection.CallAsync(database => database.ScriptEvaluateAsync(Release, Keys, [fence.Value]), CancellationToken.None);
        }
        catch (Scripts.StoreException failed)
        {
            LogNotReleased(failed.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        _stop.Dispose();
    }

    // Null: the store is this server's.
    private async Task<(string Value, TimeSpan Left)?> TryTakeAsync(string ended, CancellationToken cancellation)
    {
        RedisResult reply;
        try
        {
            reply = await connection.CallAsync(
                database => database.ScriptEvaluateAsync(Take, Keys, [_own, (long)lease.TotalMilliseconds, ended]), cancellation);
        }
        catch (Scripts.StoreException failed)
        {
            throw new StoreStartException($"The store is not usable: {failed.Message}");
        }

        if (reply.Resp2Type == ResultType.Array)
        {
            return ((string)reply[0]!, TimeSpan.FromMilliseconds((long)reply[1]));
        }

        connection.Fence = isShared ? null : new StoreFence(keys.Epoch, ((long)reply).ToString(CultureInfo.InvariantCulture));
        return null;
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(lease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (await WhoElseAsync() is { } other)
                {
                    End(other);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    // Null: the store is still this server's, or does not answer.
    private async Task<string?> WhoElseAsync()
    {
        try
        {
            var reply = await connection.CallAsync(
                database => database.ScriptEvaluateAsync(
                    isShared ? RenewShared : Renew, Keys, [_own, (long)lease.TotalMilliseconds, connection.Fence?.Value ?? ""]),
                _stop.Token);
            return reply.Resp2Type == ResultType.Integer ? null : (string?)reply ?? "";
        }
        catch (Scripts.StoreException)
        {
            return null; // each call that needs the store tells its caller that the store does not answer
        }
    }

    private void End(string other)
    {
        Loss = other.Length > 0
            ? $"{connection.Name} has been taken over by another server ({Describe(other)}); this one ends, and has stored nothing since."
            : $"{connection.Name} is not as this server has left it: it was emptied or restored, or a replica without the latest "
                + "writes took over; this server ends, and has stored nothing since.";
        LogLost(Loss);
        lifetime.StopApplication();
    }

    private static string Describe(string value) =>
        value == Nodes ? Nodes : StoreOwner.Parse(value)?.ToString() ?? "which does not say where it runs";

    [LoggerMessage(LogLevel.Warning, "The store belonged to {Owner}, which has ended without letting it go; this server takes it over.")]
    private partial void LogTakenOver(string owner);

    [LoggerMessage(LogLevel.Warning, "The store could not be let go, so the next server waits for its lease: {Why}")]
    private partial void LogNotReleased(string why);

    [LoggerMessage(LogLevel.Error, "{Loss}")]
    private partial void LogLost(string loss);
}
