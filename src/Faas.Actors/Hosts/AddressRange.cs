using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Faas.Actors.Hosts;

/// <summary>
/// A range of addresses in CIDR notation (RFC 4632). The platform's own type takes an IPv4 address and the same one written as IPv6 for
/// equal, and cuts bits off in silence; this one does neither.
/// </summary>
public sealed class AddressRange
{
    /// <summary>What <see cref="TryParse"/> allows, as the end of a sentence.</summary>
    public const string Allowed = "an address, or a range like 10.1.0.0/16 or fd00:1::/32 without bits behind its prefix";

    private readonly byte[] _first;
    private readonly int _prefix;

    private AddressRange(byte[] first, int prefix) => (_first, _prefix) = (first, prefix);

    /// <summary>Reads a range; throws <see cref="FormatException"/> for a text that is none.</summary>
    public static AddressRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"\"{text}\" is no range. Allowed is {Allowed}.");

    /// <summary>Reads a range, or one address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? text : text[..slash];
        if (!name.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':')
            || name.AsSpan().IndexOfAny('.', ':') < 0
            || !IPAddress.TryParse(name, out var address))
        {
            return false;
        }

        var first = address.GetAddressBytes();
        var prefix = first.Length * 8;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
            || prefix > first.Length * 8))
        {
            return false;
        }

        range = Enumerable.Range(prefix, (first.Length * 8) - prefix).Any(bit => (first[bit / 8] & (0x80 >> (bit % 8))) != 0)
            ? null
            : new AddressRange(first, prefix);
        return range is not null;
    }

    /// <summary>Whether it holds one address alone.</summary>
    public bool IsOne => _prefix == _first.Length * 8;

    /// <summary>Whether each address of this range is in another one.</summary>
    public bool IsWithin(AddressRange other) => _prefix >= other._prefix && other.Holds(new IPAddress(_first));

    /// <summary>Whether an address of the same family is in it.</summary>
    public bool Holds(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var (whole, rest) = (_prefix / 8, _prefix % 8);
        return bytes.Length == _first.Length
            && bytes.AsSpan(0, whole).SequenceEqual(_first.AsSpan(0, whole))
            && (rest == 0 || (bytes[whole] ^ _first[whole]) >> (8 - rest) == 0);
    }
}
