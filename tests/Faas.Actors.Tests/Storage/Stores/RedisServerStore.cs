using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>A real redis-server over TCP, with a password and a database number.</summary>
public class RedisServerStore : StoreFixture
{
    private RedisServer? _server;
    private RedisConnection? _connection;

    /// <inheritdoc/>
    public override StoreOptions Options => new(
        "test:",
        new RedisEndpoint("127.0.0.1", _server!.Port, RedisServer.Password, RedisServer.Database),
        TimeSpan.FromSeconds(5),
        Folder,
        "redis-server");

    /// <inheritdoc/>
    public override RedisConnection Connection => _connection!;

    /// <inheritdoc/>
    public override int ServerProcessId => _server!.ProcessId;

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync(Folder);
        _connection = RedisConnection.To(Options.Redis!, Options.Timeout);
        await _connection.WaitUntilReachableAsync(CancellationToken.None);
    }

    /// <summary>The server starts again on the same port and files.</summary>
    public Task RestartAsync() => _server!.RestartAsync();

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await _connection!.DisposeAsync();
        await _server!.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>The same, owned by this process: what is written makes sure of that.</summary>
public sealed class OwnedRedisServerStore : RedisServerStore
{
    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Connection.CallAsync(database => database.StringSetAsync(Keys.Epoch, 7), CancellationToken.None);
        Connection.Fence = new StoreFence(Keys.Epoch, "7");
    }
}
