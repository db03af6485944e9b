using System.Text;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// A request with the values of sealed secrets in the place of their placeholders.
/// </summary>
/// <remarks>
/// Theory of operation. A placeholder is replaced in the values of header fields, within the base64 of <c>Authorization: Basic</c>
/// (RFC 7617), and in the path and the query, where the value is percent-encoded (RFC 3986, section 2.1). Names of fields, Host and the
/// framing are left as they are, and so is the body. A value that would end a header field is refused there: it has a line break or another
/// control character. What values add is bounded before it is added: a script may repeat a placeholder as often as its headers have room.
/// A placeholder whose secret is bound to other hosts is worth nothing here. It stays, and its secret is named as withheld.
/// </remarks>
/// <param name="Path">Path and query.</param>
/// <param name="Fields">The header fields.</param>
/// <param name="Put">The names of the secrets whose values were put in.</param>
/// <param name="Withheld">The names of the secrets whose placeholders stay.</param>
internal sealed record Unsealed(
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    IReadOnlyList<string> Put,
    IReadOnlyList<string> Withheld)
{
    private const string Authorization = "Authorization";
    private const string Basic = "Basic ";

    /// <summary>Replaces the placeholders of a request.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="fields">The header fields.</param>
    /// <param name="secrets">The sealed secrets of the runs that may have sent it.</param>
    /// <param name="isBound">Whether a secret is bound to the host that gets the request.</param>
    /// <param name="most">The most characters that path and fields may have afterwards.</param>
    /// <param name="wrong">Why the request is refused, as a sentence; null: it is not.</param>
    public static Unsealed Of(
        string path,
        IReadOnlyList<KeyValuePair<string, string>> fields,
        IReadOnlyList<SealedSecret> secrets,
        Func<SealedSecret, bool> isBound,
        int most,
        out string? wrong)
    {
        var (put, withheld) = (new List<string>(), new List<string>());
        var room = most - path.Length - fields.Sum(field => (long)field.Key.Length + field.Value.Length);
        wrong = null;
        foreach (var secret in secrets.Where(secret => IsIn(path, fields, secret)))
        {
            if (!isBound(secret))
            {
                withheld.Add(secret.Name);
                continue;
            }

            put.Add(secret.Name);
            var inPath = Replaced(path, secret, Uri.EscapeDataString(Encoding.UTF8.GetString(secret.Value)), ref room);
            var inFields = FieldsWith(fields, secret, ref room, out wrong);
            if (wrong is null && (inPath is null || inFields is null))
            {
                wrong = $"with the value of the secret \"{secret.Name}\", the head of the request has more than {most} bytes.";
            }

            if (wrong is not null)
            {
                break;
            }

            (path, fields) = (inPath!, inFields!);
        }

        return new Unsealed(path, fields, put, withheld);
    }

    private static bool IsIn(string path, IReadOnlyList<KeyValuePair<string, string>> fields, SealedSecret secret) =>
        path.Contains(secret.Placeholder, StringComparison.Ordinal)
        || fields.Any(field => (PlainOf(field) ?? field.Value).Contains(secret.Placeholder, StringComparison.Ordinal));

    // Null: there is no room for the value, or something is wrong with it.
    private static List<KeyValuePair<string, string>>? FieldsWith(
        IReadOnlyList<KeyValuePair<string, string>> fields, SealedSecret secret, ref long room, out string? wrong)
    {
        var value = Encoding.Latin1.GetString(secret.Value);
        var replaced = new List<KeyValuePair<string, string>>(fields.Count);
        wrong = null;
        foreach (var field in fields)
        {
            var plain = PlainOf(field);
            var text = plain ?? field.Value;
            if (!text.Contains(secret.Placeholder, StringComparison.Ordinal))
            {
                replaced.Add(field);
                continue;
            }

            if (!HeaderLines.IsText(value))
            {
                wrong = $"the value of the secret \"{secret.Name}\" has a line break or another control character, "
                    + "which no header may have.";
                return null;
            }

            if (Replaced(text, secret, value, ref room) is not { } changed)
            {
                return null;
            }

            replaced.Add(new(
                field.Key,
                plain is null ? changed : field.Value[..Basic.Length] + Convert.ToBase64String(Encoding.Latin1.GetBytes(changed))));
        }

        return replaced;
    }

    private static string? Replaced(string text, SealedSecret secret, string value, ref long room)
    {
        for (var at = 0; (at = text.IndexOf(secret.Placeholder, at, StringComparison.Ordinal)) >= 0; at += secret.Placeholder.Length)
        {
            room -= value.Length - secret.Placeholder.Length;
        }

        return room < 0 ? null : text.Replace(secret.Placeholder, value, StringComparison.Ordinal);
    }

    // User and password; null: the field has none that can be read.
    private static string? PlainOf(KeyValuePair<string, string> field)
    {
        if (!field.Key.Equals(Authorization, StringComparison.OrdinalIgnoreCase)
            || !field.Value.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[field.Value.Length];
        return Convert.TryFromBase64String(field.Value[Basic.Length..].Trim(' '), bytes, out var length)
            ? Encoding.Latin1.GetString(bytes, 0, length)
            : null;
    }
}
