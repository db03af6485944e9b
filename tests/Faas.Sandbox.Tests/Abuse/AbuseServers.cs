using System.Net.Sockets;

namespace Faas.Sandbox.Tests.Abuse;

/// <summary>
/// Two servers for each launch of sandboxes: one ends what is meant to run into its timeout, the other waits for what ends by itself,
/// however busy the machine is.
/// </summary>
public sealed class AbuseServers : IAsyncLifetime
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private static readonly string[] s_launches = ["fork", "exec"];
    private AbuseServer[] _patient = [];
    private AbuseServer[] _hasty = [];

    /// <summary>One that waits.</summary>
    public AbuseServer Patient => _patient[0];

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        var socketName = $"faas-abuse-{Path.GetRandomFileName()}";
        _socket.Bind(new UnixDomainSocketEndPoint($"\0{socketName}"));
        _socket.Listen();
        _patient = await StartAsync(TimeSpan.FromMinutes(2), socketName);
        _hasty = await StartAsync(TimeSpan.FromSeconds(2), socketName);
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        foreach (var server in _patient.Concat(_hasty))
        {
            await server.StopAsync();
        }

        _socket.Dispose();
    }

    /// <summary>Proves the attempt of that name, for each launch.</summary>
    public async Task ProveAsync(IEnumerable<Attempt> attempts, string what)
    {
        var attempt = attempts.Single(attempt => attempt.What == what);
        foreach (var server in attempt.MayTimeOut ? _hasty : _patient)
        {
            await server.ProveAsync(attempt);
        }
    }

    private static Task<AbuseServer[]> StartAsync(TimeSpan timeout, string socketName) =>
        Task.WhenAll(s_launches.Select(launch => AbuseServer.StartAsync(launch, timeout, socketName)));
}

/// <summary>Names the collection of tests on the servers that are abused.</summary>
[CollectionDefinition(nameof(AbuseServers))]
public sealed class AbuseServersTests : ICollectionFixture<AbuseServers>;
