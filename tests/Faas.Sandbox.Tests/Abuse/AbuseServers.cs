using System.Net.Sockets;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>
/// Two servers: one ends what is meant to run into its timeout, the other waits for whatever ends by itself, however busy the machine is.
/// </summary>
public sealed class AbuseServers : IAsyncLifetime
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private AbuseServer _hasty = null!;

    /// <summary>The one that waits.</summary>
    public AbuseServer Patient { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        var socketName = $"faas-abuse-{Path.GetRandomFileName()}";
        _socket.Bind(new UnixDomainSocketEndPoint($"\0{socketName}"));
        _socket.Listen();
        Patient = await AbuseServer.StartAsync(TimeSpan.FromMinutes(2), socketName);
        _hasty = await AbuseServer.StartAsync(TimeSpan.FromSeconds(2), socketName);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await Patient.StopAsync();
        await _hasty.StopAsync();
        _socket.Dispose();
    }

    /// <summary>Proves the attempt of that name.</summary>
    public Task ProveAsync(IEnumerable<Attempt> attempts, string what)
    {
        var attempt = attempts.Single(attempt => attempt.What == what);
        return (attempt.MayTimeOut ? _hasty : Patient).ProveAsync(attempt);
    }
}

/// <summary>Names the collection of tests on the servers that are abused.</summary>
[CollectionDefinition(nameof(AbuseServers))]
public sealed class AbuseServersTests : ICollectionFixture<AbuseServers>;
