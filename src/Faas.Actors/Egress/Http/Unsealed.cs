using System.Text;
using Faas.Actors.Hosts;

namespace Faas.Actors.Egress.Http;

/// <summary>
/// A request with the values of sealed secrets in the place of their placeholders.
/// </summary>
/// <remarks>
/// Theory of operation. A placeholder is replaced in the values of header fields, within the base64 of <c>Authorization: Basic</c>
/// (RFC 7617), and in the path and the query, where the value is percent-encoded (RFC 3986, section 2.1). Names of fields, Host and the
/// framing are left as they are, and so is the body. Placeholders are found by their mark and looked up, so what a request costs does not
/// grow with the secrets. A value that would end a header field is refused there: it has a line break or another control character. What
/// values add is bounded before it is added: a script may repeat a placeholder as often as its headers have room. A method whose reply is
/// the request itself (RFC 9110, section 9.3.8) gets no value. A placeholder whose secret is bound to other hosts is worth nothing here. It
/// stays, and its secret is named as withheld.
/// </remarks>
/// <param name="Path">Path and query.</param>
/// <param name="Fields">The header fields.</param>
/// <param name="Put">The names of the secrets whose values were put in; none if the request is refused.</param>
/// <param name="Withheld">The names of the secrets whose placeholders stay.</param>
internal sealed record Unsealed(
    string Path,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    IReadOnlyCollection<string> Put,
    IReadOnlyCollection<string> Withheld)
{
    private const string Authorization = "Authorization";
    private const string Basic = "Basic ";

    private static readonly HashSet<string> s_echoes = new(StringComparer.OrdinalIgnoreCase) { "TRACE", "TRACK" };

    /// <summary>Replaces the placeholders of a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="fields">The header fields.</param>
    /// <param name="secrets">The sealed secrets of the runs that may have sent it, by their placeholders.</param>
    /// <param name="isBound">Whether a secret is bound to the host that gets the request.</param>
    /// <param name="most">The most characters that path and fields may have afterwards.</param>
    /// <param name="wrong">Why the request is refused, as a sentence; null: it is not.</param>
    public static Unsealed Of(
        string method,
        string path,
        IReadOnlyList<KeyValuePair<string, string>> fields,
        IReadOnlyDictionary<string, SealedSecret> secrets,
        Func<SealedSecret, bool> isBound,
        int most,
        out string? wrong)
    {
        wrong = null;
        if (secrets.Count == 0)
        {
            return new Unsealed(path, fields, [], []);
        }

        var length = path.Length + fields.Sum(field => (long)field.Key.Length + field.Value.Length);
        var replacing = new Replacing(secrets, isBound, most - length);
        var newPath = replacing.InText(path, static secret => Uri.EscapeDataString(Encoding.UTF8.GetString(secret.Value)), isField: false);
        var newFields = fields.Select(replacing.InField).ToArray();
        wrong = replacing.Wrong is { } refused ? refused
            : replacing.TooLong is { } name
                ? $"with the value of the secret \"{name}\", the head of the request has more than {most} bytes."
            : replacing.Put.Count > 0 && s_echoes.Contains(method)
                ? $"the reply to {method.ToUpperInvariant()} is the request itself, so it may have no placeholder of a sealed secret."
            : null;
        return wrong is null
            ? new Unsealed(newPath, newFields, replacing.Put, replacing.Withheld)
            : new Unsealed(path, fields, [], replacing.Withheld);
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

    private sealed class Replacing(IReadOnlyDictionary<string, SealedSecret> secrets, Func<SealedSecret, bool> isBound, long room)
    {
        private long _room = room;

        public SortedSet<string> Put { get; } = new(StringComparer.Ordinal);

        public SortedSet<string> Withheld { get; } = new(StringComparer.Ordinal);

        public string? Wrong { get; private set; }

        public string? TooLong { get; private set; }

        public KeyValuePair<string, string> InField(KeyValuePair<string, string> field)
        {
            if (field.Key.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                return field;
            }

            var plain = PlainOf(field);
            var text = plain ?? field.Value;
            var changed = InText(text, static secret => Encoding.Latin1.GetString(secret.Value), isField: true);
            return ReferenceEquals(changed, text) ? field : new(
                field.Key,
                plain is null ? changed : field.Value[..Basic.Length] + Convert.ToBase64String(Encoding.Latin1.GetBytes(changed)));
        }

        public string InText(string text, Func<SealedSecret, string> valueOf, bool isField)
        {
            var at = text.IndexOf(SealedSecret.Mark, StringComparison.Ordinal);
            if (at < 0)
            {
                return text;
            }

            var (changed, from) = (new StringBuilder(), 0);
            for (; at >= 0; at = text.IndexOf(SealedSecret.Mark, at, StringComparison.Ordinal))
            {
                var found = at;
                at += SealedSecret.Mark.Length;
                if (text.Length - found < SealedSecret.PlaceholderLength
                    || !secrets.TryGetValue(text.Substring(found, SealedSecret.PlaceholderLength), out var secret))
                {
                    continue;
                }

                at = found + SealedSecret.PlaceholderLength;
                if (!isBound(secret))
                {
                    Withheld.Add(secret.Name);
                    continue;
                }

                var value = valueOf(secret);
                if (!Fits(secret, value, isField))
                {
                    return text;
                }

                changed.Append(text, from, found - from).Append(value);
                from = at;
                Put.Add(secret.Name);
            }

            return from == 0 ? text : changed.Append(text, from, text.Length - from).ToString();
        }

        private bool Fits(SealedSecret secret, string value, bool isField)
        {
            if (isField && !HeaderLines.IsText(value))
            {
                Wrong ??= $"the value of the secret \"{secret.Name}\" has a line break or another control character, "
                    + "which no header may have.";
                return false;
            }

            _room -= value.Length - SealedSecret.PlaceholderLength;
            TooLong ??= _room < 0 ? secret.Name : null;
            return TooLong is null;
        }
    }
}
