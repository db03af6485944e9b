using Faas.Actors.Storage.Redis;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>A real redis-server over TCP, with a password and a database number.</summary>
public sealed class RedisServerStore : StoreFixture
{
    private const string Password = "correct horse battery=staple";
    private const int Attempts = 5; // somebody else may take the free port first

    private RedisServerProcess? _server;
    private RedisConnection? _connection;

    /// <inheritdoc/>
    public override StoreOptions Options => new(
        "test:", new RedisEndpoint("127.0.0.1", _server!.Port, Password, Database: 3), TimeSpan.FromSeconds(5), Folder, "redis-server");

    /// <inheritdoc/>
    public override RedisConnection Connection => _connection!;

    /// <inheritdoc/>
    public override int ServerProcessId => _server!.ProcessId;

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            _server = RedisServerProcess.Start(Folder, RedisServerProcess.FreePort(), Password);
            _connection = RedisConnection.To(Options.Redis!, Options.Timeout);
            try
            {
                await _connection.WaitUntilReachableAsync(CancellationToken.None);
                return;
            }
            catch (StoreStartException) when (attempt < Attempts)
            {
                await StopAsync();
            }
        }
    }

    /// <summary>The server starts again on the same port and files.</summary>
    public void Restart()
    {
        var port = _server!.Port;
        _server.Dispose();
        _server = RedisServerProcess.Start(Folder, port, Password);
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await StopAsync();
        await base.DisposeAsync();
    }

    private async Task StopAsync()
    {
        await _connection!.DisposeAsync();
        _server!.Dispose();
    }
}
