using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>Reads from a query which runs are meant. Each method throws <see cref="ProblemException"/>.</summary>
internal static class RunFilterOfUrl
{
    private static readonly string[] s_reasons =
    [
        .. WireNames.All<Reason>(),
        .. new[]
        {
            RefusalReason.QueueFull, RefusalReason.QueueTimeout, RefusalReason.Draining, RefusalReason.Secret, RefusalReason.Image,
            RefusalReason.NetworkUnsupported, RefusalReason.Store, RefusalReason.NotFound, RefusalReason.Disabled,
        }.Select(reason => reason.ToWire()),
    ];

    /// <summary>The runs that the query means and that the caller's key is for.</summary>
    public static RunFilter Of(HttpContext context)
    {
        var query = context.Request.Query;
        return Paths(context) with
        {
            Version = VersionOf(PageOfList.One(query, RunParameters.VersionName)),
            Stages = Words<RunStage>(query, RunParameters.StateName),
            Reasons = Reasons(query),
            Languages = Words<Language>(query, RunParameters.LanguageName),
            Starts = Words<Warmth>(query, RunParameters.StartName),
            Vias = Words<RunVia>(query, RunParameters.ViaName),
            Key = PageOfList.One(query, RunParameters.KeyName),
            CallId = PageOfList.One(query, RunParameters.CallName),
        };
    }

    /// <summary>The scripts that the query means and that the caller's key is for.</summary>
    public static RunFilter Paths(HttpContext context)
    {
        var path = PageOfList.One(context.Request.Query, RunParameters.PathName);
        return path is not (null or Run.RunNowQueue) && ScriptPath.Check(path) is { } wrong
            ? throw ProblemException.Malformed($"\"{RunParameters.PathName}\" {wrong}.")
            : new RunFilter { Roots = context.KeyPaths().Roots, Path = path };
    }

    /// <summary>A whole number of the query.</summary>
    public static int NumberOf(IQueryCollection query, string name, int without, int most) =>
        PageOfList.One(query, name) is not { } text ? without
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw ProblemException.Malformed($"\"{name}\" is {UnknownName.Quoted(text)}; allowed are whole numbers from 1 to {most}.");

    private static long? VersionOf(string? text) =>
        text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ProblemException.Malformed(
            $"\"{RunParameters.VersionName}\" is {UnknownName.Quoted(text)}; allowed is a version's number.");

    /// <summary>Words of an enum, joined by commas.</summary>
    public static List<T> Words<T>(IQueryCollection query, string name)
        where T : struct, Enum =>
    [
        .. Texts(query, name)
            .Select(word => WireNames.TryParse<T>(word, out var value) ? value : throw Wrong(name, word, WireNames.All<T>())),
    ];

    private static List<string> Reasons(IQueryCollection query) =>
    [
        .. Texts(query, RunParameters.ReasonName)
            .Select(word => s_reasons.Contains(word) ? word : throw Wrong(RunParameters.ReasonName, word, s_reasons)),
    ];

    private static string[] Texts(IQueryCollection query, string name) =>
        PageOfList.One(query, name)?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static ProblemException Wrong(string name, string word, IEnumerable<string> allowed) =>
        ProblemException.Malformed($"\"{name}\" has {UnknownName.Quoted(word)}; allowed are {string.Join(", ", allowed)}.");
}
