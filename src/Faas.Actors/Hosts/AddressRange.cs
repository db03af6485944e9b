using System.Globalization;
using System.Net;

namespace Faas.Actors.Hosts;

/// <summary>Reads ranges of addresses as operators write them.</summary>
public static class AddressRange
{
    /// <summary>What <see cref="TryParse"/> allows, as the end of a sentence.</summary>
    public const string Allowed = "an address, or a range like 10.1.0.0/16 or fd00:1::/32 without bits behind its prefix";

    /// <summary>Reads a range in CIDR notation (RFC 4632), or one address.</summary>
    public static bool TryParse(string text, out IPNetwork range)
    {
        if (!text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address))
        {
            text = string.Create(CultureInfo.InvariantCulture, $"{text}/{address.GetAddressBytes().Length * 8}");
        }

        range = default;
        return text.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':' or '/')
            && text.AsSpan(0, Math.Max(text.IndexOf('/', StringComparison.Ordinal), 0)).IndexOfAny('.', ':') >= 0
            && IPNetwork.TryParse(text, out range);
    }
}
