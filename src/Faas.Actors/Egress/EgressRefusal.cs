using System.Globalization;
using System.Text;

namespace Faas.Actors.Egress;

/// <summary>Why a connection is not let through, and what the client is told.</summary>
/// <param name="Verdict">The reason in one word.</param>
/// <param name="Status">The status of the reply (RFC 9110).</param>
/// <param name="Text">A sentence for the script's author. It has no text of the client but canonical host names.</param>
internal sealed record EgressRefusal(EgressVerdict Verdict, int Status, string Text)
{
    private const int MostOfPhrase = 300;
    private const string Cut = "...";

    /// <summary>A request that is not HTTP as the proxy speaks it.</summary>
    public static EgressRefusal Malformed(string text, int status = 400) => new(EgressVerdict.Malformed, status, $"faas.network: {text}");

    /// <summary>
    /// The reply. The sentence is the status line's phrase, because clients that ask for a tunnel show the phrase alone, and the body.
    /// A long one is cut in the phrase.
    /// </summary>
    public byte[] ToReply(bool isHead = false)
    {
        var phrase = !Text.All(c => c is >= ' ' and <= '~') ? "Refused"
            : Text.Length > MostOfPhrase ? $"{Text[..(MostOfPhrase - Cut.Length)]}{Cut}"
            : Text;
        var body = Encoding.UTF8.GetBytes($"{Text}\n");
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status} {phrase}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. "Connection: close\r\n\r\n"u8, .. isHead ? [] : body];
    }
}
