using System.Globalization;

namespace Faas.Bench.Reports;

/// <summary>Figures as people read them: three digits, and the unit where it is not the column's.</summary>
internal static class Figures
{
    /// <summary>What stands where there is no figure.</summary>
    public const string None = "–";

    public static string Milliseconds(TimeSpan? duration) => duration is { } time ? Three(time.TotalMilliseconds) : None;

    public static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0", CultureInfo.InvariantCulture);

    public static string Count(long number) => number == 0 ? None : number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Three(double number) => Math.Abs(number) switch
    {
        >= 99.95 => number.ToString("#,0", CultureInfo.InvariantCulture),
        >= 9.995 => number.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.9995 => number.ToString("0.00", CultureInfo.InvariantCulture),
        _ => number.ToString("0.000", CultureInfo.InvariantCulture),
    };
}
