using System.Reflection;
using System.Text.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Schedules;

/// <summary>The body of <c>PUT /api/v1/schedules/{name}</c>; where it leaves a member out, it means the default.</summary>
/// <param name="Path">The script.</param>
/// <param name="Version">A version's number or an alias; null: the latest version.</param>
/// <param name="Cron">When it fires.</param>
/// <param name="TimeZone">By which clock.</param>
/// <param name="Input">What its runs are given, as JSON.</param>
/// <param name="Priority">The priority of its runs.</param>
/// <param name="Enabled">Whether it fires.</param>
/// <param name="Overlap">What becomes of a fire while the last run has not ended.</param>
/// <param name="Missed">What becomes of the fires of a time in which no server was up.</param>
public sealed record ScheduleRequest(
    string Path,
    string? Version,
    string Cron,
    string TimeZone,
    ReadOnlyMemory<byte> Input,
    int Priority,
    bool Enabled,
    OverlapRule Overlap,
    MissedRule Missed) : IEndpointParameterMetadataProvider
{
    private const string PathOf = "path", VersionOf = "version", CronOf = "cron", ZoneOf = "timeZone", InputOf = "input";
    private const string PriorityOf = "priority", EnabledOf = "enabled", OverlapOf = "overlap", MissedOf = "missed";
    private const string Utc = "UTC";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestContent(typeof(ScheduleContent)));

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static async ValueTask<ScheduleRequest> BindAsync(HttpContext context)
    {
        var body = await BodyObject.ReadAsync(
            context, PathOf, VersionOf, CronOf, ZoneOf, InputOf, PriorityOf, EnabledOf, OverlapOf, MissedOf);
        var input = body.Input(InputOf) ?? "{}"u8.ToArray();
        var kept = context.RequestServices.GetRequiredService<KeptRunsOptions>();
        return KeptCalls.RefusalOf(input.Length, kept) is { } refusal
            ? throw new ProblemException(FaasProblems.Of(refusal))
            : new ScheduleRequest(
                PathIn(body),
                VersionIn(body),
                CronIn(body),
                ZoneIn(body),
                input,
                (int)(body.Number(PriorityOf, KeptCall.LeastPriority, KeptCall.HighestPriority) ?? KeptCall.UsualPriority),
                body.Flag(EnabledOf) ?? true,
                body.Word<OverlapRule>(OverlapOf) ?? OverlapRule.Skip,
                body.Word<MissedRule>(MissedOf) ?? MissedRule.Skip);
    }

    /// <summary>The schedule that the body is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="key">The name of the key that writes it; null: none was needed.</param>
    /// <param name="caller">The owner of that key.</param>
    public Schedule ToSchedule(string name, string? key, string? caller) => new()
    {
        Name = name,
        Path = Path,
        Version = Version,
        Cron = Cron,
        TimeZone = TimeZone,
        Priority = Priority,
        Enabled = Enabled,
        Overlap = Overlap,
        Missed = Missed,
        Key = key,
        Caller = caller,
        CreatedAt = default,
        UpdatedAt = default,
    };

    private static string PathIn(BodyObject body) => body.Text(PathOf) is not { } path ? throw Missing(PathOf)
        : ScriptPath.Check(path) is { } wrong
            ? throw ProblemException.Malformed($"\"{PathOf}\" is {UnknownName.Quoted(path)}; it {wrong}.")
        : path;

    private static string? VersionIn(BodyObject body) => body.Text(VersionOf) is not { } version ? null
        : !VersionRef.TryParse(version, out _)
            ? throw ProblemException.Malformed($"\"{VersionOf}\" is {UnknownName.Quoted(version)}; allowed is {VersionRef.Allowed}.")
        : version == VersionRef.LatestName ? null
        : version;

    private static string CronIn(BodyObject body) => body.Text(CronOf) is not { } cron ? throw Missing(CronOf)
        : CronTimes.CheckCron(cron) is { } wrong
            ? throw ProblemException.Malformed($"\"{CronOf}\" is {UnknownName.Quoted(cron)}; it {wrong}.")
        : cron;

    private static string ZoneIn(BodyObject body) => body.Text(ZoneOf) is not { } zone ? Utc
        : CronTimes.HasTimeZone(zone) ? zone
        : throw ProblemException.Malformed($"\"{ZoneOf}\" is {UnknownName.Quoted(zone)}; allowed is {CronTimes.AllowedZones}.");

    private static ProblemException Missing(string name) => ProblemException.Malformed($"\"{name}\" is missing.");
}

/// <summary>What is to be run when.</summary>
/// <remarks>In the shape of the body; the API's description is made from it.</remarks>
/// <param name="Path">The script.</param>
/// <param name="Cron">When it fires: a cron expression of five fields, or of six with seconds in front, or a macro such as @daily.</param>
/// <param name="Version">A version's number, an alias, or latest, looked up at each fire; left out: the latest.</param>
/// <param name="TimeZone">By which clock: the IANA name of a time zone, such as Europe/Berlin; left out: UTC.</param>
/// <param name="Input">What the script sees as its event; left out: an empty object.</param>
/// <param name="Priority">1 to 9: of the runs of a script that wait, one of the highest priority goes first; left out: 5.</param>
/// <param name="Enabled">Whether it fires; left out: true.</param>
/// <param name="Overlap">What becomes of a fire while the last run has not ended; left out: skip.</param>
/// <param name="Missed">What becomes of the fires of a time in which no server was up; left out: skip.</param>
public sealed record ScheduleContent(
    string Path,
    string Cron,
    string? Version,
    string? TimeZone,
    JsonElement? Input,
    int? Priority,
    bool? Enabled,
    OverlapRule? Overlap,
    MissedRule? Missed);
