using System.Diagnostics;
using System.Net;
using System.Security.Authentication;
using Faas.Actors.Configuration;
using Faas.Actors.Scripts;
using Faas.Actors.Telemetry;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// The one connection that journal, snapshot store, code store and catalog share.
/// <para>
/// Theory of operation. StackExchange.Redis multiplexes all calls over one socket and reconnects by itself; its
/// heartbeat drives both that and the time-outs, so it beats four times a second. While there is no connection
/// a call fails at once and is not queued: a write that still happens after its caller was told that it failed is worse
/// than a failure. The store's time-out bounds each call, even one that the library does not end.
/// </para>
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMilliseconds(250);

    // The first call compiles and loads this code, which may take longer than a short time-out on a busy machine.
    private static readonly TimeSpan s_leastStartPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Func<ConfigurationOptions> _options;
    private readonly int _database;
    private readonly string _passwordRemedy;
    private RedisEndpoint? _endpoint; // null: the probe for TLS does not know where to ask
    private Task<ConnectionMultiplexer>? _multiplexer;
    private ConnectionAttemptCompletedEventArgs? _failedAttempt;
    private bool _disposed;

    private RedisConnection(string name, TimeSpan timeout, int database, string passwordRemedy, Func<ConfigurationOptions> options)
    {
        Name = name;
        Timeout = timeout;
        _database = database;
        _passwordRemedy = passwordRemedy;
        _options = options;
    }

    /// <summary>What it connects to, for messages: <c>Redis at localhost:6379</c>.</summary>
    public string Name { get; }

    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Measures the calls; null: they are not measured.</summary>
    public StoreMeters? Meters { get; set; }

    /// <summary>The disk under the server; null: the server is not ours, and its disk is not known.</summary>
    public IStoreDisk? Disk { get; set; }

    /// <summary>What writes of events must find; null: they find it in any case, because no other server can reach the store.</summary>
    public StoreFence? Fence { get; set; }

    /// <summary>
    /// What writes for one persistence id must find, on a node of a cluster; null: that is the same for all (<see cref="Fence"/>).
    /// </summary>
    public Func<string, StoreFence>? Fences { get; set; }

    /// <summary>What a write for this persistence id must find; null: nothing.</summary>
    public StoreFence? FenceOf(string persistenceId) => Fences?.Invoke(persistenceId) ?? Fence;

    /// <summary>To a Redis server over TCP. Connects on first use.</summary>
    public static RedisConnection To(RedisEndpoint endpoint, TimeSpan timeout) => endpoint.Configuration is { } configuration
        ? To(
            ConfigurationOptions.Parse(configuration),
            null,
            timeout,
            "the password in REDIS_CONFIGURATION (faas.store.redis.configuration)")
        : new RedisConnection(
            $"Redis at {endpoint.Host}:{endpoint.Port}",
            timeout,
            endpoint.Database,
            "REDIS_PASSWORD (faas.store.redis.password), or REDIS_URL (faas.store.redis.url)",
            () => Harden(
                new ConfigurationOptions
                {
                    User = endpoint.User.Length == 0 ? null : endpoint.User,
                    Password = endpoint.Password.Length == 0 ? null : endpoint.Password,
                    Ssl = endpoint.Tls,
                    SslHost = endpoint.Tls ? endpoint.Host : null,
                    EndPoints = { { endpoint.Host, endpoint.Port } },
                },
                timeout))
        {
            _endpoint = endpoint,
        };

    /// <summary>The endpoint that a configuration string describes. Throws <see cref="SettingException"/> when it does not parse.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="configuration">The configuration string.</param>
    public static RedisEndpoint Check(string key, string configuration)
    {
        try
        {
            if (ConfigurationOptions.Parse(configuration).EndPoints.Count > 0)
            {
                return new RedisEndpoint("", 0, "", 0) { Configuration = configuration };
            }
        }
        catch (ArgumentException)
        {
            // Its message may quote the password.
        }

        throw new SettingException(
            key,
            "(not shown)",
            "a configuration string of StackExchange.Redis, such as host1:26379,host2:26379,serviceName=main,password=SECRET");
    }

    /// <summary>To a redis-server on a Unix socket, whose address is first asked for when it is needed.</summary>
    public static RedisConnection To(string name, Func<EndPoint> socket, TimeSpan timeout) => new(
        name,
        timeout,
        0,
        "the embedded store",
        () => Harden(new ConfigurationOptions { EndPoints = { socket() } }, timeout));

    /// <summary>
    /// By a StackExchange.Redis configuration string, as the plugins' <c>configuration-string</c> gives it.
    /// Throws <see cref="ArgumentException"/> when it does not parse.
    /// </summary>
    /// <param name="configuration">Hosts, password and options; time-outs in it are kept.</param>
    /// <param name="database">Database number; null: the configuration's own <c>defaultDatabase</c>.</param>
    public static RedisConnection To(string configuration, int? database)
    {
        var options = ConfigurationOptions.Parse(configuration);
        return To(options, database, TimeSpan.FromMilliseconds(options.AsyncTimeout), "password in configuration-string");
    }

    private static RedisConnection To(ConfigurationOptions options, int? database, TimeSpan timeout, string passwordRemedy)
    {
        var service = options.ServiceName is { Length: > 0 } name ? $" (Sentinel's {name})" : "";
        return new RedisConnection(
            $"Redis at {string.Join(",", options.EndPoints)}{service}",
            timeout,
            database ?? options.DefaultDatabase ?? 0,
            passwordRemedy,
            () => Harden(options.Clone(), timeout));
    }

    /// <summary>
    /// Makes one call. Throws <see cref="StoreException"/>, whose message says in one line what is wrong; after a time-out
    /// the call may still have reached Redis.
    /// </summary>
    public async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellation) =>
        await GuardAsync(async multiplexer => await call(multiplexer.GetDatabase(_database)), cancellation);

    /// <summary>Asks the server that takes the writes. Throws as <see cref="CallAsync"/>.</summary>
    public async Task<T> CallServerAsync<T>(Func<IServer, Task<T>> call, CancellationToken cancellation) => await GuardAsync(
        async multiplexer =>
        {
            var servers = multiplexer.GetServers().Where(server => server.IsConnected).ToArray();
            var server = servers.FirstOrDefault(server => !server.IsReplica) ?? servers.FirstOrDefault();
            return await call(server ?? throw new StoreException($"{Name} {Reason() ?? "is not reachable."}"));
        },
        cancellation);

    /// <summary>
    /// The keys of the database that match a glob, in no order; each of SCAN's steps must answer in time. Throws as
    /// <see cref="CallAsync"/>.
    /// </summary>
    public async Task<IReadOnlySet<string>> KeysAsync(string pattern, CancellationToken cancellation)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var multiplexer = await GuardAsync(Task.FromResult, cancellation);
        foreach (var server in multiplexer.GetServers().Where(server => !server.IsReplica))
        {
            await using var scan = server.KeysAsync(_database, pattern, pageSize: 1000).GetAsyncEnumerator(cancellation);
            while (await GuardAsync(async _ => await scan.MoveNextAsync(), cancellation))
            {
                keys.Add(scan.Current.ToString());
            }
        }

        return keys;
    }

    /// <summary>
    /// Asks Redis for a sign of life, within the time-out. Null: the database is there and can be written (Redis
    /// answers PING with an error when its disk fails); else one line that says why not.
    /// </summary>
    public async Task<string?> WhyUnreachableAsync(CancellationToken cancellation)
    {
        try
        {
            await PingAsync(cancellation);
            return null;
        }
        catch (StoreException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>Returns once Redis answers. Throws as <see cref="AskAtStartAsync"/>.</summary>
    public Task WaitUntilReachableAsync(CancellationToken cancellation) => AskAtStartAsync(() => PingAsync(cancellation), cancellation);

    /// <summary>
    /// Asks until there is an answer. Throws <see cref="StoreStartException"/> when there is none within the time-out, but at least 5 s, or
    /// when Redis refuses the password; it says so where one of the two sides speaks TLS and the other does not.
    /// </summary>
    public async Task<T> AskAtStartAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var patience = Timeout > s_leastStartPatience ? Timeout : s_leastStartPatience;
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (StoreException failure) when (IsRefusedForGood || Stopwatch.GetElapsedTime(begun) > patience)
            {
                var mismatch = await MismatchAsync(cancellation);
                var why = mismatch is null ? failure.Message : $"{Name} {mismatch}";
                throw new StoreStartException($"The store is not usable: {why}") { MayPass = !IsRefusedForGood && mismatch is null };
            }
            catch (StoreException)
            {
                await Task.Delay(s_heartbeat, cancellation);
            }
        }
    }

    private async Task<string?> MismatchAsync(CancellationToken cancellation)
    {
        if (_endpoint is null)
        {
            return null;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(s_probe);
        return await TlsProbe.MismatchAsync(_endpoint, end.Token);
    }

    private Task<bool> PingAsync(CancellationToken cancellation) => CallAsync(
        async database =>
        {
            await database.PingAsync();
            return await database.KeyExistsAsync("any");
        },
        cancellation);

    // The last attempt has reached a server that takes another password, which does not change by itself. A certificate may be renewed.
    private bool IsRefusedForGood => _failedAttempt is { FailureType: ConnectionFailureType.AuthenticationFailure } failed
        && failed.Exception?.GetBaseException() is not AuthenticationException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? multiplexer;
        lock (_gate)
        {
            _disposed = true;
            multiplexer = _multiplexer;
        }

        if (multiplexer is not null)
        {
            await (await multiplexer).DisposeAsync();
        }
    }

    private static ConfigurationOptions Harden(ConfigurationOptions options, TimeSpan timeout)
    {
        var milliseconds = (int)timeout.TotalMilliseconds;
        options.ClientName ??= "faas";
        options.AbortOnConnectFail = false;
        options.AllowAdmin = true; // INFO and CONFIG GET, for RedisReport
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry((int)s_heartbeat.TotalMilliseconds);
        options.HeartbeatInterval = s_heartbeat;
        options.ConnectTimeout = milliseconds;
        options.AsyncTimeout = milliseconds;
        options.SyncTimeout = milliseconds;
        options.IncludeDetailInExceptions = false;
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        return options;
    }

    private async Task<T> GuardAsync<T>(Func<ConnectionMultiplexer, Task<T>> call, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var result = await ExplainAsync(call, cancellation);
            Meters?.Answered(begun);
            return result;
        }
        catch (StoreException failure)
        {
            Meters?.Failed(begun, failure.InnerException ?? failure);
            throw;
        }
    }

    private async Task<T> ExplainAsync<T>(Func<ConnectionMultiplexer, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await CallAfterConnectingAsync(call).WaitAsync(Timeout, cancellation);
        }
        catch (RedisConnectionException failure)
        {
            var why = await WhyFullAsync() ?? Reason() ?? $"is not reachable: {OneLine(failure.Message)}";
            throw new StoreException($"{Name} {why}", failure);
        }
        catch (TimeoutException failure)
        {
            var why = await WhyFullAsync() ?? Reason() ?? $"did not answer within {Timeout.TotalSeconds} s.";
            throw new StoreException($"{Name} {why}", failure);
        }
        catch (RedisServerException failure)
        {
            throw new StoreException($"{Name} refused: {OneLine(failure.Message)}", failure);
        }
        catch (Exception failure) when (failure is RedisCommandException or ObjectDisposedException)
        {
            throw new StoreException($"{Name} cannot be asked: {OneLine(failure.Message)}", failure); // nothing was sent
        }
        catch (RedisException failure)
        {
            throw new StoreException(OneLine(failure.Message), failure);
        }
    }

    private async Task<string?> WhyFullAsync() =>
        Disk is not null && await Disk.WhyFullAfterFailureAsync() is { } why ? $"cannot be written: {why}." : null;

    private async Task<T> CallAfterConnectingAsync<T>(Func<ConnectionMultiplexer, Task<T>> call) => await call(await ConnectAsync());

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _multiplexer is null or { IsFaulted: true } ? _multiplexer = OpenAsync() : _multiplexer;
        }
    }

    private async Task<ConnectionMultiplexer> OpenAsync()
    {
        var options = _options();
        options.ConnectionAttemptCompleted += (_, attempt) => _failedAttempt = attempt switch
        {
            { IsSuccess: true } => null,
            { FailureType: ConnectionFailureType.ConnectionDisposed } => _failedAttempt, // given up in favour of the next attempt
            _ => attempt,
        };
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>Why there is no connection; null: there is one, or nothing is known yet.</summary>
    private string? Reason() => _failedAttempt switch
    {
        null => null,
        { Exception: { } cause } when cause.GetBaseException() is AuthenticationException untrusted =>
            $"has no certificate that this machine trusts: {OneLine(untrusted.Message)}",
        { FailureType: ConnectionFailureType.AuthenticationFailure } => $"refuses the password; check {_passwordRemedy}.",
        { Exception: { } cause } => $"is not reachable: {OneLine(cause.GetBaseException().Message)}",
        { FailureType: var type } => $"is not reachable: {type}",
    };

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
