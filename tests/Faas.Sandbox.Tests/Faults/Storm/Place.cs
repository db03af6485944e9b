namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>The server that there is now, its store, and who calls it.</summary>
internal sealed class Place(string settings, IStormStore store) : IAsyncDisposable
{
    private volatile FaasServer? _server;
    private StormLoad? _load;

    /// <summary>The one that lives.</summary>
    public FaasServer Server => _server!;

    /// <summary>Those who call it, once they have begun.</summary>
    public StormLoad Load => _load!;

    /// <summary>Those that were killed.</summary>
    public List<FaasServer> Dead { get; } = [];

    /// <summary>Starts the next one on the data of the last.</summary>
    public async Task StartAsync() => _server = await FaasServer.StartAsync(settings, _server?.Folder, store.Environment);

    /// <summary>Lets calls begin.</summary>
    public StormLoad BeginCalls() => _load = new StormLoad(this);

    /// <summary>kill -9, and the next one.</summary>
    public async Task KillAndStartAsync()
    {
        var server = Server;
        Dead.Add(server);
        await server.KillAsync();
        await StartAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var server in Dead.Append(_server).OfType<FaasServer>())
        {
            await server.DisposeAsync();
        }
    }
}
