using Faas.Client;

namespace Faas.Cli.Tests;

/// <summary>One real server, with a key, for all tests of the command line and of the client.</summary>
public sealed class CliServer : IAsyncLifetime
{
    /// <summary>A key with the scope admin.</summary>
    public const string Key = "a-key-for-the-tests-of-the-command-line";

    private static readonly string[] s_command = ["dotnet", ServerProgram.File];
    private FaasServerProcess _server = null!;

    /// <summary>Its address.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>A client with the key.</summary>
    public FaasClient Client { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _server = FaasServerProcess.Start(
            s_command,
            $$"""
            faas.http.api-keys = ["root:admin:{{Key}}"]
            faas.callbacks { hosts = ["127.0.0.1:9"], secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", first-delay = 1h }
            """);
        Address = await _server.Process.ListensAsync();
        Client = new FaasClient(Address, Key);
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Client.Dispose();
        _server.Process.Stop();
        Directory.Delete(_server.Folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>Names the collection of tests on the server.</summary>
[CollectionDefinition(nameof(CliServer))]
public sealed class CliServerTests : ICollectionFixture<CliServer>;
