using System.Text.RegularExpressions;
using Cronos;

namespace Faas.Actors.Schedules;

/// <summary>
/// The instants that a cron expression means by the clock of a time zone. Pure.
/// <para>
/// Theory of operation. Cronos finds them. An expression has five fields, or six with seconds in front, or is a macro such as
/// <c>@daily</c>; a day must match the day of the month and the day of the week. Where the clock goes forward, a local time that does not
/// exist fires at the next one that does. Where it goes back, a time that comes twice fires at its first coming, unless the second, minute
/// or hour is <c>*</c>, a range or has a step: such an expression fires at both.
/// </para>
/// </summary>
public sealed partial class CronTimes
{
    /// <summary>The most characters of an expression.</summary>
    public const int MaxLength = 200;

    /// <summary>What a time zone may be, as the end of a sentence.</summary>
    public const string AllowedZones = "the IANA name of a time zone that the server has, such as Europe/Berlin or UTC";

    private const int FieldsWithSeconds = 6;
    private readonly CronExpression _expression;
    private readonly TimeZoneInfo _zone;

    private CronTimes(CronExpression expression, TimeZoneInfo zone) => (_expression, _zone) = (expression, zone);

    /// <summary>What is wrong with an expression, as half a sentence; null: nothing.</summary>
    public static string? CheckCron(string cron)
    {
        if (cron.Length > MaxLength)
        {
            return $"has {cron.Length} characters; allowed are {MaxLength}";
        }

        try
        {
            return Parse(cron).GetNextOccurrence(DateTime.UnixEpoch) is null
                ? "names no time that ever comes"
                : null;
        }
        catch (Exception wrong) when (wrong is CronFormatException or MissingSeedException)
        {
            return $"is no cron expression: {wrong.Message.ReplaceLineEndings(" ").TrimEnd('.')}; "
                + "allowed are five fields, or six with seconds in front";
        }
    }

    /// <summary>Whether this server has a time zone, and its name means the same on every machine.</summary>
    public static bool HasTimeZone(string name) =>
        ZoneName().IsMatch(name) && !NameOfMachine().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    /// <summary>The instants of an expression that is valid. Throws <see cref="TimeZoneNotFoundException"/>.</summary>
    public static CronTimes Of(string cron, string timeZone) => HasTimeZone(timeZone)
        ? new CronTimes(Parse(cron), TimeZoneInfo.FindSystemTimeZoneById(timeZone))
        : throw new TimeZoneNotFoundException($"This server has no time zone \"{timeZone}\"; the package tzdata has them.");

    /// <summary>The first instant after this one; null: there is none before the year 2500.</summary>
    public DateTimeOffset? After(DateTimeOffset instant) =>
        _expression.GetNextOccurrence(instant.UtcDateTime, _zone) is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : null;

    private static CronExpression Parse(string cron)
    {
        var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        return CronExpression.Parse(cron, fields == FieldsWithSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard);
    }

    // The system looks names up as files.
    [GeneratedRegex("^[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}$")]
    private static partial Regex ZoneName();

    // Files beside the time zones that are none of IANA's names: the zone of the machine, and its copies of all zones, of which those
    // under right/ count leap seconds.
    [GeneratedRegex("^(localtime|posixrules|posix/.*|right/.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NameOfMachine();
}
