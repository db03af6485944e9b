namespace Faas.Actors.Tests.Schedules;

/// <summary>
/// The instants of a cron expression of numbers, lists, ranges, steps and <c>*</c>, minute by minute, by the rules that docs/schedules.md
/// tells: a local time that does not exist fires at the next one that does, and one that comes twice fires twice where the minute or the
/// hour is <c>*</c>, a range or has a step, and else at its first coming.
/// </summary>
internal static class CronOracle
{
    public static List<DateTimeOffset> Between(string cron, TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var fields = cron.Split(' ');
        var isInterval = fields[..2].Any(field => field.Any(character => character is '*' or '-' or '/'));
        var found = new SortedSet<DateTimeOffset>();
        for (var instant = from; instant < to; instant = instant.AddMinutes(1))
        {
            var local = TimeZoneInfo.ConvertTime(instant, zone);
            var before = TimeZoneInfo.ConvertTime(instant.AddMinutes(-1), zone);
            for (var gone = before.DateTime.AddMinutes(1); gone < local.DateTime; gone = gone.AddMinutes(1))
            {
                Add(gone); // the clock has gone forward
            }

            var isSecondComing = zone.IsAmbiguousTime(local.DateTime) && local.Offset == zone.GetAmbiguousTimeOffsets(local.DateTime).Min();
            if (isInterval || !isSecondComing)
            {
                Add(local.DateTime);
            }

            void Add(DateTime time)
            {
                if (Matches(fields, time))
                {
                    found.Add(instant);
                }
            }
        }

        return [.. found];
    }

    private static bool Matches(string[] fields, DateTime time) =>
        Has(fields[0], time.Minute, 0, 59)
        && Has(fields[1], time.Hour, 0, 23)
        && Has(fields[2], time.Day, 1, 31)
        && Has(fields[3], time.Month, 1, 12)
        && Has(fields[4], (int)time.DayOfWeek, 0, 6);

    private static bool Has(string field, int value, int least, int most) => field.Split(',').Any(part =>
    {
        var (range, step) = part.Split('/') is [var text, var every] ? (text, int.Parse(every, null)) : (part, 1);
        var (first, last) = range == "*" ? (least, most)
            : range.Split('-') is [var low, var high] ? (int.Parse(low, null), int.Parse(high, null))
            : (int.Parse(range, null), part.Contains('/', StringComparison.Ordinal) ? most : int.Parse(range, null));
        return value >= first && value <= last && (value - first) % step == 0;
    });
}
