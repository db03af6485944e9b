using System.Globalization;

namespace Faas.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A size: <c>12.5 MiB</c>.</summary>
    public static string Size(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1024 && unit < s_units.Length - 1)
        {
            (size, unit) = (size / 1024, unit + 1);
        }

        return $"{size.ToString(unit == 0 || size >= 100 ? "0" : "0.#", CultureInfo.InvariantCulture)} {s_units[unit]}";
    }

    /// <summary>A duration: <c>12 ms</c>, <c>3.4 s</c>, <c>5 min</c>, <c>2 h</c>, <c>3 d</c>.</summary>
    public static string Time(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{Number(Math.Max(0, span.TotalMilliseconds), "0")} ms",
        { TotalMinutes: < 1 } => $"{Number(span.TotalSeconds, "0.#")} s",
        { TotalHours: < 1 } => $"{Number(Math.Floor(span.TotalMinutes), "0")} min",
        { TotalDays: < 1 } => $"{Number(Math.Floor(span.TotalHours), "0")} h",
        _ => $"{Number(Math.Floor(span.TotalDays), "0")} d",
    };

    /// <summary>A moment in UTC, to the second.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number, string form) => number.ToString(form, CultureInfo.InvariantCulture);
}
