using System.Net;
using System.Net.Sockets;

namespace Faas.Http.Access;

/// <summary>Who calls, as far as the server can tell.</summary>
/// <param name="Identity">The same for all requests that count together against the rate limit.</param>
/// <param name="Limit">How often it may call; null: as the settings say for every caller.</param>
public sealed record Caller(string Identity, RateLimit? Limit = null)
{
    // One subscriber has at least a whole /64 of addresses (RFC 6177).
    private const int Ipv6Network = 8;

    /// <summary>The owner of a key, wherever it calls from.</summary>
    public static Caller Of(ApiKey key) => new(key.MadeAt is { } at ? $"key {key.Name} {at.Ticks}" : $"key {key.Name}", key.Rate);

    /// <summary>Somebody without a key: an IPv4 address, or the /64 network of an IPv6 one.</summary>
    public static Caller Of(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork })
        {
            return new Caller($"address {address}");
        }

        return address.IsIPv4MappedToIPv6
            ? Of(address.MapToIPv4())
            : new Caller($"network {Convert.ToHexString(address.GetAddressBytes().AsSpan(0, Ipv6Network))}");
    }
}
