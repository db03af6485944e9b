using System.Globalization;
using System.Text.RegularExpressions;

namespace Faas.Actors.Configuration;

/// <summary>
/// Sizes as people write them: <c>512</c>, <c>64k</c>, <c>128M</c>, <c>1G</c>, <c>1T</c>; also <c>64Mi</c>, <c>64MB</c> and <c>64MiB</c>.
/// The units are powers of 1024; a bare number is bytes.
/// </summary>
public static partial class SizeText
{
    private static readonly string[] s_units = ["", "k", "M", "G", "T"];

    /// <summary>Reads one, which may be a fraction of a byte and larger than memory can be; false: it is none.</summary>
    public static bool TryParse(string text, out double bytes)
    {
        var match = Pattern().Match(text);
        var shift = match.Groups[2].Value.ToLowerInvariant() switch { "k" => 10, "m" => 20, "g" => 30, "t" => 40, _ => 0 };
        bytes = match.Success ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * (1L << shift) : 0;
        return match.Success;
    }

    /// <summary>Writes one with the largest unit that leaves it whole.</summary>
    public static string Of(long bytes)
    {
        var unit = 0;
        while (unit < s_units.Length - 1 && bytes != 0 && bytes % 1024 == 0)
        {
            (bytes, unit) = (bytes / 1024, unit + 1);
        }

        return bytes.ToString(CultureInfo.InvariantCulture) + s_units[unit];
    }

    [GeneratedRegex(@"\A(\d{1,15}(?:\.\d{1,9})?)\s*(?:([kKmMgGtT])i?)?[bB]?\z")]
    private static partial Regex Pattern();
}
