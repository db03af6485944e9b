using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Finds out whether a Redis that does not answer is asked with TLS where it has none, or the other way round: such a server is silent, or
/// leaves without a word, and will never do anything else.
/// <para>
/// Theory of operation. The probe asks in the way that the setting does not name. A server without TLS answers PING with a line that begins
/// with <c>+</c>, or with <c>-</c> if it wants a password first (the Redis serialization protocol). One with TLS completes a handshake;
/// what certificate it has does not matter here, because nothing is sent to it.
/// </para>
/// </summary>
internal static class TlsProbe
{
    private const string Url = "REDIS_URL (faas.store.redis.url)";

    /// <summary>What is wrong with the setting, as the end of a sentence; null: nothing that this can see.</summary>
    /// <param name="endpoint">Where Redis listens.</param>
    /// <param name="cancellation">Ends the wait for an answer.</param>
    public static async Task<string?> MismatchAsync(RedisEndpoint endpoint, CancellationToken cancellation)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellation);
            await using var stream = new NetworkStream(socket);
            return (endpoint.Tls, await (endpoint.Tls ? IsPlainAsync(stream, cancellation) : IsTlsAsync(stream, cancellation))) switch
            {
                (_, false) => null,
                (true, true) => $"speaks no TLS on this port; set {Url} to redis://, or to a port with TLS.",
                (false, true) => $"speaks only TLS on this port; set {Url} to rediss://, or to a port without TLS.",
            };
        }
        catch (Exception failed) when (failed is SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<bool> IsPlainAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellation);
        var answer = new byte[1];
        return await stream.ReadAsync(answer, cancellation) == 1 && answer[0] is (byte)'+' or (byte)'-';
    }

    private static async Task<bool> IsTlsAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        try
        {
#pragma warning disable CA5359 // Nothing is sent; the question is whether there is TLS.
            var options = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync(options, cancellation);
            return true;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }
}
