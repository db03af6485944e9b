using Faas.Actors.Runs.Kept;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The header by which a client may send a call again without having it executed again
/// (draft-ietf-httpapi-idempotency-key-header). Pure.
/// </summary>
public static class IdempotencyKeys
{
    /// <summary>The header of the request.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>
    /// What the client has chosen; null: there is no such header. The quotes that the draft asks for may be left out. Throws
    /// <see cref="ProblemException"/>.
    /// </summary>
    public static string? Of(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var header))
        {
            return null;
        }

        var text = header is [{ } only] ? only.Trim() : "";
        var key = text is ['"', .. var quoted, '"'] ? quoted : text;
        return key.Length is > 0 and <= KeptOnce.LongestKey && key.All(sign => sign is > ' ' and < '\x7f' and not '"' and not '\\')
            ? key
            : throw ProblemException.Malformed(
                $"\"{Header}\" is {Told(header.ToString())}; allowed are 1 to {KeptOnce.LongestKey} characters of ASCII, "
                + "without spaces, \" and \\, once.");
    }

    private static string Told(string header) => header.Length > 80 ? $"{header.Length} characters long" : $"\"{header}\"";
}
