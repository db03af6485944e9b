using System.Net;
using Faas.Actors.Configuration;
using Faas.Http.Access;

namespace Faas.Http.Configuration;

/// <summary><c>faas.http</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Address">Where to listen.</param>
/// <param name="Port">0: a free one.</param>
/// <param name="MaxRequestBytes">Largest body.</param>
/// <param name="CodeMaxBytes">Largest script, in bytes of UTF-8.</param>
/// <param name="PingInterval">Silence after which an event stream carries a comment.</param>
/// <param name="StalledWriteTimeout">How long a streaming client may keep one write waiting.</param>
/// <param name="DrainTimeout">How long running runs may go on after a stop signal.</param>
/// <param name="Connections">What one client may take.</param>
/// <param name="Access">Who may call.</param>
public sealed record HttpOptions(
    IPAddress Address,
    int Port,
    long MaxRequestBytes,
    int CodeMaxBytes,
    TimeSpan PingInterval,
    TimeSpan StalledWriteTimeout,
    TimeSpan DrainTimeout,
    ConnectionOptions Connections,
    AccessOptions Access)
{
    /// <summary>How long after a signal to stop new work is still taken.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>What the files of one call may take.</summary>
    public FileLimits Files { get; init; } = FileLimits.Shipped;

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static HttpOptions From(Settings settings) => From(settings, AddressOf("faas.http.host", settings.Text("faas.http.host")));

    private static HttpOptions From(Settings settings, IPAddress address) => new(
        address,
        settings.Int("faas.http.port", 0, 65535),
        settings.Size("faas.http.max-request-size", 1L << 10, 64L << 20),
        (int)settings.Size("faas.http.code-max-size", 1, 4 << 20),
        settings.Duration("faas.http.ping-interval", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        settings.Duration("faas.http.stalled-write-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        settings.Duration("faas.http.drain-timeout", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        ConnectionOptions.From(settings),
        AccessOptions.From(settings, address))
    {
        DrainDelay = settings.Duration("faas.http.drain-delay", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        Files = new FileLimits(settings.Int("faas.http.max-files", 0, 1000), settings.Size("faas.http.max-files-size", 0, 64L << 20)),
    };

    // A name would have to be resolved, and could mean several addresses: which of them is then served?
    private static IPAddress AddressOf(string key, string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.IPv6Any,
        _ => IPAddress.TryParse(host, out var address) && (host.Contains(':') || host.Count(c => c == '.') == 3)
            ? address
            : throw new SettingException(key, host, "an IP address, localhost, or * for every address"),
    };
}
