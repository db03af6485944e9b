using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Faas.Http.Wire;

/// <summary>
/// What a request prefers, by its <c>Prefer</c> headers (RFC 7240). What is not understood is as if it were not there, as section 2 asks;
/// of a preference that is there twice, the first counts. Pure.
/// </summary>
public static class Preferences
{
    /// <summary>The header of the request, and that of the answer which names what was followed.</summary>
    public const string Header = "Prefer", AppliedHeader = "Preference-Applied";

    /// <summary>The client wants an answer before the work is done (RFC 7240, section 4.1).</summary>
    public const string RespondAsync = "respond-async";

    /// <summary>How many seconds the client waits for an answer (RFC 7240, section 4.3).</summary>
    public const string Wait = "wait";

    private const int MostSeconds = 3600;

    /// <summary>The preferences by their names in lower case; the value of one without a value is empty.</summary>
    public static IReadOnlyDictionary<string, string> Of(StringValues headers)
    {
        var preferences = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in headers)
        {
            foreach (var element in Split(header ?? "", ','))
            {
                // Parameters stand behind a semicolon; no preference that is followed here has some.
                var preference = Split(element, ';')[0];
                var equals = preference.IndexOf('=', StringComparison.Ordinal);
                var name = (equals < 0 ? preference : preference[..equals]).Trim().ToLowerInvariant();
                if (name.Length > 0)
                {
                    preferences.TryAdd(name, equals < 0 ? "" : Unquoted(preference[(equals + 1)..].Trim()));
                }
            }
        }

        return preferences;
    }

    /// <summary>Whether the request is to be answered before the run has ended.</summary>
    public static bool WantsAsync(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var header) && Of(header).ContainsKey(RespondAsync);

    /// <summary>Whether the request says how long the client waits.</summary>
    public static bool HasWait(HttpRequest request) => request.Headers.TryGetValue(Header, out var header) && SecondsOf(header) is not null;

    /// <summary>What an answer says that has followed all that is followed here: respond-async, wait, or both.</summary>
    public static string AppliedOf(StringValues headers)
    {
        var isAsync = Of(headers).ContainsKey(RespondAsync);
        return SecondsOf(headers) is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $"{(isAsync ? $"{RespondAsync}, " : "")}{Wait}={seconds}")
            : isAsync ? RespondAsync : "";
    }

    /// <summary>How long the client waits, at most an hour; null: it does not say so as RFC 7240 asks.</summary>
    public static int? SecondsOf(StringValues headers) =>
        !Of(headers).TryGetValue(Wait, out var text) || text.Length == 0 || !text.All(char.IsAsciiDigit) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? Math.Min(seconds, MostSeconds)
        : MostSeconds;

    // A quoted string (RFC 9110, section 5.6.4) may have the separator within.
    private static List<string> Split(string text, char separator)
    {
        var (parts, start, isQuoted) = (new List<string>(), 0, false);
        for (var at = 0; at < text.Length; at++)
        {
            if (isQuoted && text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (text[at] == separator && !isQuoted)
            {
                parts.Add(text[start..at]);
                start = at + 1;
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Unquoted(string word)
    {
        if (word is not ['"', .. var quoted, '"'])
        {
            return word;
        }

        var text = new StringBuilder(quoted.Length);
        for (var at = 0; at < quoted.Length; at++)
        {
            at += quoted[at] == '\\' && at + 1 < quoted.Length ? 1 : 0;
            text.Append(quoted[at]);
        }

        return text.ToString();
    }
}
