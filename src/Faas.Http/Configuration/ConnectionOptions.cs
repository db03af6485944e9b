using Faas.Actors.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Faas.Http.Configuration;

/// <summary>
/// <c>faas.http.connections</c> of hocon/faas.conf: what one client may take of the server before it has said anything useful.
/// </summary>
/// <param name="Max">Open connections; one more is closed at once.</param>
/// <param name="HeaderBytes">All headers of a request.</param>
/// <param name="HeaderCount">Headers of a request.</param>
/// <param name="HeaderTimeout">How long the headers may take.</param>
/// <param name="IdleTimeout">How long a connection may wait for its next request.</param>
/// <param name="BodyBytesPerSecond">Slowest body.</param>
/// <param name="BodyGrace">How long a body may be slower than that at its beginning.</param>
public sealed record ConnectionOptions(
    int Max,
    int HeaderBytes,
    int HeaderCount,
    TimeSpan HeaderTimeout,
    TimeSpan IdleTimeout,
    int BodyBytesPerSecond,
    TimeSpan BodyGrace)
{
    // What may wait in memory for one client that reads slowly.
    private const int ResponseBuffer = 64 << 10;
    private const int RequestLine = 8 << 10;

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static ConnectionOptions From(Settings settings) => new(
        settings.Int("faas.http.connections.max", 1, 1_000_000),
        (int)settings.Size("faas.http.connections.header-size", 1 << 10, 1 << 20),
        settings.Int("faas.http.connections.header-count", 10, 1000),
        settings.Duration("faas.http.connections.header-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        settings.Duration("faas.http.connections.idle-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        settings.Int("faas.http.connections.body-rate", 1, 1_000_000),
        // Kestrel looks once a second, and wants more than that.
        settings.Duration("faas.http.connections.body-grace", TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5)));

    /// <summary>Sets the web server's limits; <see cref="Max"/> is the listener's.</summary>
    public void Apply(KestrelServerLimits limits)
    {
        // No protocol but HTTP/1.1 is spoken: nothing is ever upgraded.
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestLineSize = RequestLine;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = HeaderCount;
        limits.RequestHeadersTimeout = HeaderTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(BodyBytesPerSecond, BodyGrace);
        // RequestBody counts for itself, so that a body without a length gets the same answer as one with it.
        limits.MaxRequestBodySize = null;
        limits.MaxResponseBufferSize = ResponseBuffer;
    }
}
