using CsCheck;
using Faas.Actors.Schedules;
using Xunit;

namespace Faas.Actors.Tests.Schedules;

/// <summary>When a cron expression fires.</summary>
public sealed class CronTimesTests
{
    private const string Berlin = "Europe/Berlin";
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById(Berlin);

    // Some days around each change of the clock in 2026, and some without one.
    private static readonly string[] s_days = ["2026-03-28", "2026-10-24", "2026-02-27", "2027-12-30"];

    private static readonly Gen<string> s_cron = Gen.Select(Field(0, 59), Field(0, 23), Rare(1, 31), Rare(1, 12), Rare(0, 6)).Select(
        (minute, hour, day, month, weekday) => $"{minute} {hour} {day} {month} {weekday}");

    [Fact]
    public void The_instants_are_those_of_a_clock_that_is_watched_minute_by_minute() => Gen.Select(
            s_cron, Gen.Int[0, s_days.Length - 1].Select(at => s_days[at]), Gen.Bool)
        .Sample(
            (cron, day, isBerlin) =>
            {
                var zone = isBerlin ? s_berlin : TimeZoneInfo.Utc;
                var from = At($"{day}T00:00:00Z");
                var expected = CronOracle.Between(cron, zone, from, from.AddDays(3));
                Assert.Equal(expected, Between(CronTimes.Of(cron, isBerlin ? Berlin : "UTC"), from, from.AddDays(3)));
            },
            iter: 150,
            threads: 1);

    [Theory]
    [InlineData("30 2 * * *", "01:30 03-28, 01:00 03-29, 00:30 03-30")] // 02:30 does not exist on the 29th, so 03:00 takes its place
    [InlineData("0 3 * * *", "02:00 03-28, 01:00 03-29, 01:00 03-30")]
    [InlineData("0 */12 * * *", "11:00 03-28, 23:00 03-28, 10:00 03-29, 22:00 03-29, 10:00 03-30, 22:00 03-30")]
    public void Where_the_clock_goes_forward_no_fire_is_lost(string cron, string expected) =>
        Assert.Equal(expected, Shown(CronTimes.Of(cron, Berlin), "2026-03-28T00:00:00Z", 3));

    [Theory]
    [InlineData("30 2 * * *", "00:30 10-25, 01:30 10-26")] // 02:30 comes twice on the 25th
    [InlineData("30 2,3 * * *", "00:30 10-25, 02:30 10-25, 01:30 10-26, 02:30 10-26")]
    [InlineData("30 2-2 * * *", "00:30 10-25, 01:30 10-25, 01:30 10-26")]
    [InlineData("0 */6 * * *", "05:00 10-25, 11:00 10-25, 17:00 10-25, 23:00 10-25, 05:00 10-26, 11:00 10-26, 17:00 10-26, 23:00 10-26")]
    public void Where_the_clock_goes_back_a_fixed_time_fires_once_and_an_interval_both_times(string cron, string expected) =>
        Assert.Equal(expected, Shown(CronTimes.Of(cron, Berlin), "2026-10-25T00:00:00Z", 2));

    [Fact]
    public void Seconds_may_come_first_and_macros_have_names()
    {
        var times = CronTimes.Of("*/20 * * * * *", "UTC");
        Assert.Equal(At("2026-01-01T00:00:20Z"), times.After(At("2026-01-01T00:00:00Z")));
        Assert.Equal(At("2026-01-02T00:00:00Z"), CronTimes.Of("@daily", "UTC").After(At("2026-01-01T00:00:00Z")));
        Assert.Equal(At("2026-01-01T00:00:01Z"), CronTimes.Of("@every_second", "UTC").After(At("2026-01-01T00:00:00Z")));
        Assert.Equal(At("2026-02-13T00:00:00Z"), CronTimes.Of("0 0 13 * FRI", "UTC").After(At("2026-01-01T00:00:00Z")));
        Assert.Equal(At("2026-01-30T17:00:00Z"), CronTimes.Of("0 17 LW * *", "UTC").After(At("2026-01-01T00:00:00Z")));
    }

    [Theory]
    [InlineData("", "is no cron expression: ")]
    [InlineData("* * * *", "is no cron expression: ")]
    [InlineData("* * * * * * *", "is no cron expression: ")]
    [InlineData("60 * * * *", "is no cron expression: ")]
    [InlineData("@never", "is no cron expression: ")]
    [InlineData("H * * * *", "is no cron expression: ")]
    [InlineData("0 0 30 2 *", "names no time that ever comes")]
    public void What_is_no_time_is_refused(string cron, string says) =>
        Assert.StartsWith(says, CronTimes.CheckCron(cron), StringComparison.Ordinal);

    [Fact]
    public void Whatever_is_sent_is_an_expression_or_is_refused() => Gen.Frequency(
            (1, Gen.String),
            (3, Gen.Char["0123456789 *,-/LWH#?@JANSUN"].Array[1, 30].Select(characters => new string(characters))))
        .Sample(
            text =>
            {
                if (CronTimes.CheckCron(text) is null)
                {
                    Assert.NotNull(CronTimes.Of(text, "UTC").After(DateTimeOffset.UnixEpoch));
                }
            },
            iter: 3000,
            threads: 1);

    [Fact]
    public void An_expression_has_a_longest_length() =>
        Assert.Equal("has 201 characters; allowed are 200", CronTimes.CheckCron(new string('*', 201)));

    [Theory]
    [InlineData("UTC", true)]
    [InlineData("Europe/Berlin", true)]
    [InlineData("Etc/GMT+3", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Mars/Base", false)]
    [InlineData("../Europe/Berlin", false)]
    [InlineData("/etc/localtime", false)]
    [InlineData("localtime", false)]
    [InlineData("LocalTime", false)]
    [InlineData("posixrules", false)]
    [InlineData("posix/Europe/Berlin", false)]
    [InlineData("right/Europe/Berlin", false)]
    [InlineData("", false)]
    public void A_time_zone_is_one_of_the_system_whose_name_is_one_of_IANA(string name, bool isOne) =>
        Assert.Equal(isOne, CronTimes.HasTimeZone(name));

    [Fact]
    public void A_zone_that_this_server_does_not_have_is_named() => Assert.Contains(
        "\"Mars/Base\"", Assert.Throws<TimeZoneNotFoundException>(() => CronTimes.Of("* * * * *", "Mars/Base")).Message, StringComparison.Ordinal);

    private static Gen<string> Field(int least, int most) => Gen.Frequency<string>(
        (2, Gen.Const("*")),
        (2, Gen.Int[least, most].Array[1, 3].Select(numbers => string.Join(',', numbers))),
        (2, Gen.Int[2, most / 2].Select(step => $"*/{step}")),
        (2, Gen.Select(Gen.Int[least, most], Gen.Int[least, most]).Select((a, b) => $"{Math.Min(a, b)}-{Math.Max(a, b)}")));

    // Few days, months and weekdays leave no instant in a short time.
    private static Gen<string> Rare(int least, int most) => Gen.Frequency<string>((5, Gen.Const("*")), (1, Field(least, most)));

    private static List<DateTimeOffset> Between(CronTimes times, DateTimeOffset from, DateTimeOffset to)
    {
        var found = new List<DateTimeOffset>();
        for (var next = times.After(from.AddTicks(-1)); next < to; next = times.After(next.Value))
        {
            found.Add(next.Value);
        }

        return found;
    }

    private static string Shown(CronTimes times, string from, int days) => string.Join(
        ", ", Between(times, At(from), At(from).AddDays(days)).Select(instant => instant.ToString("HH:mm MM-dd", null)));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, null);
}
