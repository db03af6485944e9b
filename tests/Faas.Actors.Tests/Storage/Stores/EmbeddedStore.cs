using System.Net;
using Faas.Actors.Storage.Embedded;
using Faas.Actors.Storage.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>The embedded store: our own child redis-server on a Unix socket.</summary>
public sealed class EmbeddedStore : StoreFixture
{
    private EmbeddedRedis? _redis;
    private RedisConnection? _connection;

    /// <inheritdoc/>
    public override StoreOptions Options => new("test:", null, TimeSpan.FromSeconds(5), Path.Combine(Folder, "data"), "redis-server");

    /// <summary>Where it listens, for a connection of a test's own.</summary>
    public EndPoint Socket => _redis!.Socket;

    /// <inheritdoc/>
    public override RedisConnection Connection => _connection!;

    /// <inheritdoc/>
    public override int ServerProcessId => _redis!.ProcessId!.Value;

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        _redis = new EmbeddedRedis(Options, NullLogger<EmbeddedRedis>.Instance);
        _connection = RedisConnection.To(_redis.Name, () => _redis.Socket, Options.Timeout);
        await _redis.StartAsync(CancellationToken.None);
        await Connection.WaitUntilReachableAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _redis!.DisposeAsync();
        await base.DisposeAsync();
    }
}
