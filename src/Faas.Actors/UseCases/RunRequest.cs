using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.UseCases;

/// <summary>What a run is given, whatever code it runs.</summary>
/// <param name="CallId">The caller's name for it; several calls may share one.</param>
/// <param name="Input">The event: valid JSON in UTF-8.</param>
/// <param name="WithUsage">True: the outcome must say what the run cost, so the reply waits until the run's processes are gone.</param>
/// <param name="Key">The name of the caller's key; null: the caller has none.</param>
/// <param name="WithLogs">True: the outcome must have what a successful run printed, so the reply waits as for the cost.</param>
public sealed record RunArguments(
    string CallId, ReadOnlyMemory<byte> Input, bool WithUsage = false, string? Key = null, bool WithLogs = false)
{
    /// <summary>The caller's <c>traceparent</c> (W3C Trace Context), valid; null: it has none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The files that the call brings.</summary>
    public IReadOnlyList<RunFile> Files { get; init; } = [];

    /// <summary>Whether the caller takes the files that the run gives back.</summary>
    public bool TakesFiles { get; init; }

    /// <summary>Whether another node of the cluster has got the call, and sent the run here. It is then not sent on.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>The call, as recent runs show it; null: nothing is noted of the run.</summary>
    public RunCall? Call { get; init; }

    /// <summary>The id of the run; null: one is made of the call's id.</summary>
    public string? RunId { get; init; }

    /// <summary>Whether this node is to execute the run, though another one of the cluster may be better placed.</summary>
    public bool StaysHere { get; init; }

    /// <summary>
    /// Whether a record of the run is kept. Another node of the cluster that executes it is then asked for its cost and output, which this
    /// one cannot follow.
    /// </summary>
    public bool IsKept { get; init; }

    /// <summary>Is told where it is noted what becomes of the run, if it is; null: it is told to no one.</summary>
    public Action<RunRecord>? Noted { get; init; }
}

/// <summary>Asks for a run of a stored script.</summary>
/// <param name="Path">The script, valid by <see cref="ScriptPath"/>.</param>
/// <param name="Version">The version.</param>
/// <param name="Arguments">What the run is given.</param>
/// <param name="HeaderOf">The call's headers, one of which may choose between the versions of an alias; null: it has none.</param>
public sealed record RunScriptRequest(
    string Path, VersionRef Version, RunArguments Arguments, Func<string, string?>? HeaderOf = null);

/// <summary>Asks for a run of code that is not stored.</summary>
/// <param name="Language">What the source is written in.</param>
/// <param name="Source">The code, not blank.</param>
/// <param name="Arguments">What the run is given.</param>
/// <param name="Settings">What its author says about the run; null: nothing.</param>
public sealed record RunCodeRequest(Language Language, string Source, RunArguments Arguments, ScriptSettings? Settings = null)
{
    /// <summary>The files of a script of several files, whose entry has the text <see cref="Source"/>; null: it is all.</summary>
    public SourceTree? Tree { get; init; }

    /// <summary>The code, not compiled.</summary>
    internal ScriptCode Code => (Tree is null ? ScriptCode.Of(Language, Source) : ScriptCode.Of(Language, Tree)) with
    {
        Dependencies = Settings?.Dependencies,
    };
}
