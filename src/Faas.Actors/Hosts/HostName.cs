using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Faas.Actors.Hosts;

/// <summary>
/// The name of a host, or its address, in the one form that names are compared in.
/// </summary>
/// <remarks>
/// Theory of operation. An allow list is only as good as the agreement about what a text names. Clients agree in no way about
/// <c>2130706433</c>, <c>0x7f.1</c>, <c>0177.0.0.1</c>, <c>LocalHost.</c>: some dial 127.0.0.1 and some ask a DNS server. So each text is
/// turned into one form here, before it is compared, resolved or dialled, or it is refused:
/// <list type="bullet">
/// <item>A name has labels of 1 to 63 letters, digits, <c>-</c> and <c>_</c>, together at most 253; it gets lower case and loses one dot
/// at its end. Other characters are refused, so no NUL, space, <c>%</c> or <c>@</c> is in a name, and no character that only looks like a
/// Latin one. A name with such letters has an ASCII form (<c>xn--…</c>, RFC 5891), which is what clients send.</item>
/// <item>A text whose last label is a number is an IPv4 address: up to four numbers, decimal, octal (<c>0…</c>) or hexadecimal
/// (<c>0x…</c>), the last of which fills the bytes that are left, as in inet_aton(3) and the URL standard. Or it is refused.</item>
/// <item>An IPv6 address stands in brackets (RFC 3986) and has no zone (<c>%eth0</c>).</item>
/// </list>
/// </remarks>
public sealed record HostName
{
    private const int MostCharacters = 253;
    private const int MostOfLabel = 63;

    private HostName(string text, IPAddress? address) => (Text, Address) = (text, address);

    /// <summary>The name in lower case, or the address: <c>127.0.0.1</c>, <c>[::1]</c>.</summary>
    public string Text { get; }

    /// <summary>The address, if the text is one and no name has to be resolved.</summary>
    public IPAddress? Address { get; }

    /// <summary>The host of an address.</summary>
    public static HostName Of(IPAddress address) =>
        new(address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString(), address);

    /// <summary>Reads a name or an address.</summary>
    /// <param name="text">The text, without a port.</param>
    /// <param name="host">The host; null: the text names none.</param>
    /// <param name="wrong">What is wrong with the text, as the end of a sentence that begins with it; null: nothing.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostName? host, [NotNullWhen(false)] out string? wrong)
    {
        (host, wrong) = text.StartsWith('[') ? InBrackets(text) : Named(text);
        return host is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static (HostName? Host, string? Wrong) InBrackets(string text)
    {
        var inner = text.EndsWith(']') ? text[1..^1] : "";
        return inner.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            && IPAddress.TryParse(inner, out var address)
            && address.AddressFamily == AddressFamily.InterNetworkV6
                ? (Of(address), null)
                : (null, "is no IPv6 address in brackets");
    }

    private static (HostName? Host, string? Wrong) Named(string text)
    {
        var name = (text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant();
        if (name.Length is 0 or > MostCharacters)
        {
            return (null, name.Length == 0 ? "is empty" : $"has {name.Length} characters; a host name has at most {MostCharacters}");
        }

        if (name.Any(c => !char.IsAscii(c)))
        {
            return (null, "has letters that are not ASCII; write the name in its ASCII form, which begins with xn--");
        }

        var labels = name.Split('.');
        if (!labels.All(IsLabel))
        {
            return (null, "is no host name: its labels have 1 to 63 letters, digits, - or _, with dots between them");
        }

        return !IsNumber(labels[^1]) ? (new HostName(name, null), null)
            : Ipv4Of(labels) is { } address ? (Of(address), null)
            : (null, "ends with a number and is no IPv4 address");
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MostOfLabel && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsNumber(string label) => label.All(char.IsAsciiDigit) || label.StartsWith("0x", StringComparison.Ordinal);

    private static IPAddress? Ipv4Of(string[] parts)
    {
        var address = 0UL;
        if (parts.Length > 4)
        {
            return null;
        }

        for (var at = 0; at < parts.Length; at++)
        {
            var bytes = at < parts.Length - 1 ? 1 : 4 - at;
            if (NumberOf(parts[at]) is not { } number || number >> (8 * bytes) != 0)
            {
                return null;
            }

            address = (address << (8 * bytes)) | number;
        }

        return new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);
    }

    private static ulong? NumberOf(string digits)
    {
        var radix = digits.StartsWith("0x", StringComparison.Ordinal) ? 16 : digits.Length > 1 && digits[0] == '0' ? 8 : 10;
        var number = 0UL;
        foreach (var digit in digits.AsSpan(radix == 16 ? 2 : 0))
        {
            var value = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiHexDigit(digit) ? digit - 'a' + 10 : int.MaxValue;
            if (value >= radix)
            {
                return null;
            }

            number = Math.Min((number * (uint)radix) + (uint)value, 1UL << 40); // past an address, and never past 64 bits
        }

        return radix == 16 && digits.Length == 2 ? null : number;
    }
}
