using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// The head of a host's reply, as the client gets it: without the fields that concern the connection to the host, and with the promise that
/// this connection ends with the reply. The body behind it is passed on as it comes.
/// </summary>
/// <param name="Status">The status code.</param>
/// <param name="Phrase">What follows it in the first line.</param>
/// <param name="Fields">The fields that the client gets.</param>
internal sealed record ReplyHead(int Status, string Phrase, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    private static readonly HashSet<string> s_framing = new(StringComparer.OrdinalIgnoreCase) { "Content-Length", "Transfer-Encoding" };

    /// <summary>The host has accepted another protocol.</summary>
    public bool IsSwitch => Status == 101;

    /// <summary>Another head follows.</summary>
    public bool IsInterim => Status < 200 && !IsSwitch;

    /// <summary>Reads a head, which ends with an empty line.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ReplyHead? head, [NotNullWhen(false)] out string? wrong)
    {
        head = null;
        if ((wrong = HeaderLines.Cut(bytes, out var start, out var fields)) is not null)
        {
            return false;
        }

        if (start.Length < 12
            || !(start.StartsWith("HTTP/1.0 ", StringComparison.Ordinal) || start.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
            || !int.TryParse(start.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            || status is < 100 or > 599
            || (start.Length > 12 && start[12] != ' '))
        {
            wrong = "is not one of HTTP/1.0 or HTTP/1.1";
            return false;
        }

        var isChunked = fields.ValuesOf("Transfer-Encoding").Length > 0;
        head = new ReplyHead(status, start.Length > 13 ? start[13..] : "", HopByHop.Without(fields, isChunked ? ["Content-Length"] : []));
        return true;
    }

    /// <summary>
    /// The same with placeholders in the place of values of sealed secrets that the host has put into it, as in the address of a redirect.
    /// </summary>
    public ReplyHead With(Resealing values) => this with
    {
        Phrase = values.In(Phrase),
        Fields = [.. Fields.Select(field => s_framing.Contains(field.Key) ? field : new(field.Key, values.In(field.Value)))],
    };

    /// <summary>The head that the client gets.</summary>
    public byte[] ToClient()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} {Phrase}\r\n");
        foreach (var (name, value) in Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        text.Append(IsSwitch ? "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" : IsInterim ? "\r\n" : "Connection: close\r\n\r\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
