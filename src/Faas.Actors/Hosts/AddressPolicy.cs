using System.Net;
using System.Net.Sockets;

namespace Faas.Actors.Hosts;

/// <summary>
/// Which addresses may be dialled for a sandbox.
/// </summary>
/// <remarks>
/// Theory of operation. A name says nothing about where it leads: its owner may let it lead to an address that only this machine can
/// reach. So every address that a name has is judged, and the list is one of what the public internet is not: IANA's registries of
/// special-purpose addresses for IPv4 and IPv6 (RFC 6890), the addresses at which clouds serve credentials, and, of IPv6, everything but
/// global unicast (2000::/3). Forms that carry an IPv4 address in an IPv6 one (mapped, NAT64, 6to4, Teredo) are refused as a whole, so
/// nothing can hide in them. The machine's own public addresses are refused, too: its servers trust them more than strangers.
/// The operator may name ranges, which are then allowed although they are listed. A wide range opens neither an address at which a cloud
/// serves credentials, which only a range inside the listed one does, nor an address of this machine, which only its single address does.
/// Loopback is the exception: a range opens all of it that it holds.
/// </remarks>
/// <param name="named">The ranges that the operator has named.</param>
/// <param name="isOwn">Whether a network interface of this machine has an address.</param>
public sealed class AddressPolicy(IReadOnlyList<AddressRange> named, Func<IPAddress, bool> isOwn)
{
    private const string OwnReason = "is this machine's own";

    private static readonly (AddressRange Range, string Reason)[] s_credentials =
    [
        .. Ranges("an address at which a cloud serves credentials",
            "169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32",
            "fd00:ec2::/32", "fd20:ce::254/128", "fe80::a9fe:a9fe/128"),
    ];

    // The first range that holds an address gives the reason, so a narrow range stands before the wide one around it.
    private static readonly (AddressRange Range, string Reason)[] s_refused =
    [
        .. s_credentials,
        .. Ranges("unspecified", "0.0.0.0/8", "::/128"),
        .. Ranges("loopback", "127.0.0.0/8", "::1/128"),
        .. Ranges("private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
        .. Ranges("shared by a provider's customers", "100.64.0.0/10"),
        .. Ranges("link-local", "169.254.0.0/16", "fe80::/10"),
        .. Ranges("for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
        .. Ranges("for benchmarks", "198.18.0.0/15", "2001:2::/48"),
        .. Ranges("for protocols", "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"),
        .. Ranges("multicast", "224.0.0.0/4", "ff00::/8"),
        .. Ranges("broadcast", "255.255.255.255/32"),
        .. Ranges("reserved", "240.0.0.0/4"),
        .. Ranges("an IPv4 address written as IPv6", "::ffff:0:0/96", "::/96"),
        .. Ranges("an IPv4 address behind NAT64", "64:ff9b::/96", "64:ff9b:1::/48"),
        .. Ranges("an IPv4 address behind 6to4", "2002::/16", "192.88.99.0/24"),
        .. Ranges("an IPv4 address behind Teredo", "2001::/32"),
        .. Ranges("for protocols", "2001::/23"),
    ];

    private static readonly AddressRange[] s_unspecified = [AddressRange.Parse("0.0.0.0/8"), AddressRange.Parse("::/128")];
    private static readonly AddressRange s_globalUnicast = AddressRange.Parse("2000::/3");

    /// <summary>Why an address may not be dialled, as the end of a sentence that begins with it; null: it may.</summary>
    public string? Refusal(IPAddress address)
    {
        var plain = Plain(address);
        var isNamed = false;
        foreach (var range in named.Where(range => range.Holds(address)))
        {
            if (Opens(range, plain))
            {
                return null;
            }

            isNamed = true;
        }

        if (isNamed && !s_credentials.Any(credential => credential.Range.Holds(plain)))
        {
            return OwnReason;
        }

        var listed = Array.Find(s_refused, refused => refused.Range.Holds(address)).Reason;
        return listed is not null ? $"is {listed}"
            : address.AddressFamily == AddressFamily.InterNetworkV6 && !s_globalUnicast.Holds(address) ? "is reserved"
            : isOwn(address) ? OwnReason
            : null;
    }

    /// <summary>Whether a server of this machine listens at an address, if it listens at every one.</summary>
    public bool LeadsHere(IPAddress address)
    {
        var plain = Plain(address);
        return IPAddress.IsLoopback(plain) || s_unspecified.Any(range => range.Holds(plain)) || isOwn(plain);
    }

    // Whether a range that the operator has named, and that holds an address, is narrow enough to open it.
    private bool Opens(AddressRange range, IPAddress plain)
    {
        var credential = Array.Find(s_credentials, listed => listed.Range.Holds(plain)).Range;
        return (credential is null || range.IsWithin(credential)) && (range.IsOne || IPAddress.IsLoopback(plain) || !isOwn(plain));
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IEnumerable<(AddressRange Range, string Reason)> Ranges(string reason, params string[] ranges) =>
        ranges.Select(range => (AddressRange.Parse(range), reason));
}
