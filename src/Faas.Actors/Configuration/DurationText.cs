using System.Globalization;
using System.Text.RegularExpressions;

namespace Faas.Actors.Configuration;

/// <summary>Durations as people write them: <c>250ms</c>, <c>2s</c>, <c>1m</c>, <c>1h</c>; a bare number is seconds.</summary>
public static partial class DurationText
{
    private const double MostSeconds = 1e11; // a TimeSpan can hold nine times that

    /// <summary>Reads one, of at most three thousand years; false: it is none.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var match = Pattern().Match(text);
        var unit = match.Groups[2].Value switch { "ms" => 0.001, "m" => 60, "h" => 3600, _ => 1.0 };
        duration = match.Success
            ? TimeSpan.FromSeconds(Math.Min(MostSeconds, double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * unit))
            : default;
        return match.Success;
    }

    /// <summary>Writes one in seconds, or in milliseconds if it is shorter than a second.</summary>
    public static string Of(TimeSpan span) => span.TotalSeconds < 1
        ? $"{span.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms"
        : $"{span.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";

    [GeneratedRegex(@"\A(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h)?\z")]
    private static partial Regex Pattern();
}
