using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Recent;

/// <summary>Which runs a reader wants, and may see. Where a list is empty, all are meant. Pure.</summary>
public sealed record RunFilter
{
    /// <summary>Every run.</summary>
    public static RunFilter All { get; } = new();

    /// <summary>Only runs of these scripts and of those under them, which is what the reader may see.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Only runs of this script and of those under it; null: of every script.</summary>
    public string? Path { get; init; }

    /// <summary>Only runs of this version; null: of every version.</summary>
    public long? Version { get; init; }

    /// <summary>How far they have come.</summary>
    public IReadOnlyList<RunStage> Stages { get; init; } = [];

    /// <summary>How they ended; a run that is under way is left out then.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What their code is written in.</summary>
    public IReadOnlyList<Language> Languages { get; init; } = [];

    /// <summary>Where their sandboxes came from; a run without a sandbox is left out then.</summary>
    public IReadOnlyList<Warmth> Starts { get; init; } = [];

    /// <summary>By which doors their calls came.</summary>
    public IReadOnlyList<RunVia> Vias { get; init; } = [];

    /// <summary>The name of their callers' key; null: any.</summary>
    public string? Key { get; init; }

    /// <summary>The id of their call; null: any.</summary>
    public string? CallId { get; init; }

    /// <summary>The name of the schedule that has started them; null: any, or none.</summary>
    public string? Schedule { get; init; }

    /// <summary>Only those that are dead letters, or only those that are not; null: both.</summary>
    public bool? IsDead { get; init; }

    /// <summary>How far their callbacks have come; a run without one is left out then.</summary>
    public IReadOnlyList<CallbackState> Callbacks { get; init; } = [];

    /// <summary>Whether the reader may see runs of this script.</summary>
    public bool MaySee(string path) => Roots.Count == 0 || Roots.Any(root => ScriptPath.IsUnder(path, root));

    /// <summary>Whether the reader wants runs of this script, and may see them.</summary>
    public bool IncludesPath(string path) => MaySee(path) && (Path is null || ScriptPath.IsUnder(path, Path));

    /// <summary>Whether the reader wants this run, and may see it.</summary>
    public bool Includes(RecentRun run) => Includes(run.Facts);

    /// <summary>Whether the reader wants a run of which this is known, and may see it.</summary>
    public bool Includes(RunFacts run) =>
        IncludesPath(run.Path)
        && (Version is null || Version == run.Version)
        && (Stages.Count == 0 || Stages.Contains(run.Stage))
        && (Reasons.Count == 0 || (run.Reason is { } reason && Reasons.Contains(reason)))
        && (Languages.Count == 0 || Languages.Contains(run.Language))
        && (Starts.Count == 0 || (run.Start is { } start && Starts.Contains(start)))
        && (Vias.Count == 0 || Vias.Contains(run.Via))
        && (IsDead is null || IsDead == run.IsDead)
        && (Callbacks.Count == 0 || (run.Callback is { } callback && Callbacks.Contains(callback)))
        && (Key is null || Key == run.Key)
        && (Schedule is null || Schedule == run.Schedule)
        && (CallId is null || run.IsOfCall(CallId));
}
