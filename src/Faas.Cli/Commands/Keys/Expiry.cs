using System.Globalization;
using System.Text.RegularExpressions;

namespace Faas.Cli.Commands.Keys;

/// <summary>When something ends: a time with a zone, or how long it is from now.</summary>
internal static partial class Expiry
{
    /// <summary>What is allowed.</summary>
    public const string Allowed = "a number of days or hours, such as 90d or 12h, or a time with a zone, such as 2030-01-31T12:00:00Z";

    /// <summary>The time; null: the text is none.</summary>
    public static DateTimeOffset? Of(string text, DateTimeOffset now)
    {
        var span = Span().Match(text);
        if (span.Success)
        {
            var count = int.Parse(span.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return now + (span.Groups[2].Value == "d" ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count));
        }

        return WithZone().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var at) ? at : null;
    }

    [GeneratedRegex(@"\A(\d{1,6})([dh])\z")]
    private static partial Regex Span();

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d[Tt].*([Zz]|[+-]\d\d:\d\d)\z")]
    private static partial Regex WithZone();
}
