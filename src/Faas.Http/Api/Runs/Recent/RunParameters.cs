using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Http.Api.Description;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire.Events;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>The parameters of the routes of this room, as the API's description tells them.</summary>
internal static class RunParameters
{
    internal const string PathName = "path", VersionName = "version", StateName = "state", ReasonName = "reason",
        LanguageName = "language", StartName = "start", ViaName = "via", KeyName = "key", CallName = "call", MinutesName = "minutes",
        ScheduleName = "schedule", KeptName = "kept", DeadName = "dead", CallbackName = "callback", ToName = "to",
        EventsAfterName = "after";

    /// <summary>Those that say which runs are meant.</summary>
    public static IReadOnlyList<RequestParameter> Filter { get; } =
    [
        Query(PathName, "Only runs of this script and of those under it; /run-now for code that is not stored.", "math"),
        Query(VersionName, "Only runs of the version of this number.", "1739000000"),
        Query(StateName, $"Only runs that are so: {WireNames.Allowed<RunStage>()}. Several are joined by commas.", "ended"),
        Query(ReasonName, "Only runs that ended so. Several are joined by commas.", "error,timeout"),
        Query(LanguageName, $"Only runs of code in it: {WireNames.Allowed<Language>()}. Several are joined by commas.", "python"),
        Query(StartName, $"Only runs whose sandbox was so: {WireNames.Allowed<Warmth>()}. Several are joined by commas.", "cold"),
        Query(ViaName, $"Only runs whose call came so: {WireNames.Allowed<RunVia>()}. Several are joined by commas.", "function"),
        Query(KeyName, "Only runs of callers with the key of this name.", "ci"),
        Query(CallName, "Only runs of the call of this id (X-Call-Id).", "0194e4e8c2"),
    ];

    /// <summary>The names of those.</summary>
    public static IReadOnlyList<string> FilterNames { get; } = [.. Filter.Select(parameter => parameter.Name)];

    /// <summary>Which of the two lists.</summary>
    public static RequestParameter Kept { get; } =
        new(KeptName, ParameterPlace.Query, "true: the runs that are kept in the store, of all servers that share it.")
        {
            Values = ["true", "false"],
        };

    /// <summary>Where the events of a kept run begin.</summary>
    public static IReadOnlyList<RequestParameter> EventsAfter { get; } =
    [
        new(Reconnection.LastEventId, ParameterPlace.Header, "The id of the last event that the client knows; those behind it are sent.")
        {
            Example = "2",
        },
        Query(EventsAfterName, "The same for a client that cannot set the header, which goes before it.", "2"),
    ];

    /// <summary>Dead letters, or all kept runs.</summary>
    public static RequestParameter Dead { get; } =
        new(DeadName, ParameterPlace.Query, "Of kept runs only those that are dead letters (true), or only the others (false).")
        {
            Values = ["true", "false"],
        };

    /// <summary>The schedule that has started them.</summary>
    public static RequestParameter Schedule { get; } =
        Query(ScheduleName, "Of kept runs only those that the schedule of this name has started.", "report");

    /// <summary>How far callbacks have come.</summary>
    public static RequestParameter Callback { get; } = Query(
        CallbackName,
        $"Of kept runs only those whose callback is so: {WireNames.Allowed<CallbackState>()}. Several are joined by commas.",
        "dead");

    /// <summary>Which version runs in place of that of a run.</summary>
    public static RequestParameter To { get; } =
        Query(ToName, "The version that runs: its number, an alias, or latest; without it, the version of the run.", "latest");

    /// <summary>How many runs are redriven.</summary>
    public static RequestParameter RedriveLimit { get; } =
        new(PageOfList.LimitName, ParameterPlace.Query, "How many runs run again at most, the newest first; without it, 100.")
        {
            Range = (1, PageOfList.MaxLimit),
        };

    /// <summary>How many runs a stream tells at one time.</summary>
    public static RequestParameter StreamLimit { get; } =
        new(PageOfList.LimitName, ParameterPlace.Query, "How many runs are told at one time; without it, 100.")
        {
            Range = (1, PageOfList.MaxLimit),
        };

    /// <summary>How many scripts.</summary>
    public static RequestParameter ScriptLimit { get; } =
        new(PageOfList.LimitName, ParameterPlace.Query, "How many scripts are told, those with the most runs; without it, 100.")
        {
            Range = (1, PageOfList.MaxLimit),
        };

    /// <summary>The scripts that are counted.</summary>
    public static RequestParameter Path { get; } =
        Query(PathName, "Only this script and those under it; /run-now for code that is not stored.", "math");

    /// <summary>How many minutes.</summary>
    public static RequestParameter Minutes { get; } =
        new(MinutesName, ParameterPlace.Query, "How many minutes, the present one included; without it, 60.")
        {
            Range = (1, ScriptActivity.Minutes),
        };

    private static RequestParameter Query(string name, string description, string example) =>
        new(name, ParameterPlace.Query, description) { Example = example };
}
