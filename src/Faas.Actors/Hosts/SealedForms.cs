using System.Text;

namespace Faas.Actors.Hosts;

/// <summary>
/// The forms that the value of a sealed secret has in requests, and in what hosts make of them: a redirect copies the path, and a page
/// shows the headers that it got.
/// </summary>
public static class SealedForms
{
    private const int Group = 3; // bytes that base64 encodes together

    /// <summary>The value as text, and percent-encoded (RFC 3986) with digits in either case, or with + for a space.</summary>
    public static IEnumerable<string> TextsOf(byte[] value)
    {
        var text = Encoding.UTF8.GetString(value);
        var encoded = Uri.EscapeDataString(text);
        var inLowerCase = LowerCaseOf(encoded);
        return ((string[])
        [
            text,
            encoded,
            inLowerCase,
            encoded.Replace("%20", "+", StringComparison.Ordinal),
            inLowerCase.Replace("%20", "+", StringComparison.Ordinal),
        ]).Distinct(StringComparer.Ordinal);
    }

    /// <summary>
    /// What base64 makes of the value wherever it stands in a text, as in <c>Authorization: Basic</c>: for each of the three places in a
    /// group of bytes, the groups that are of the value alone.
    /// </summary>
    public static IEnumerable<string> Base64Of(byte[] value)
    {
        for (var before = 0; before < Group; before++)
        {
            var rest = value.AsSpan(Math.Min(before, value.Length));
            yield return Convert.ToBase64String(rest[..(rest.Length / Group * Group)]);
        }
    }

    private static string LowerCaseOf(string encoded)
    {
        var letters = encoded.ToCharArray();
        for (var at = encoded.IndexOf('%', StringComparison.Ordinal); at >= 0; at = encoded.IndexOf('%', at + 1))
        {
            (letters[at + 1], letters[at + 2]) = (char.ToLowerInvariant(letters[at + 1]), char.ToLowerInvariant(letters[at + 2]));
        }

        return new string(letters);
    }
}
