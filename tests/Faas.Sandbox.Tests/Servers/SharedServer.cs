namespace Faas.Sandbox.Tests.Servers;

/// <summary>One server with short limits for the tests that need nothing special.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public FaasServer Server { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync() => Server = await FaasServer.StartAsync("faas.sandbox.timeout = 10");

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await Server.EndAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>Names the collection of tests on the shared server.</summary>
[CollectionDefinition(nameof(SharedServer))]
public sealed class SharedServerTests : ICollectionFixture<SharedServer>;
