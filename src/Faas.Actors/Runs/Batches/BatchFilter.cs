using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Batches;

/// <summary>Which batches a reader wants, and may see. Where a list is empty, all are meant. Pure.</summary>
public sealed record BatchFilter
{
    /// <summary>Only batches of these scripts and of those under them, which is what the reader may see.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Only batches of this script and of those under it; null: of every script.</summary>
    public string? Path { get; init; }

    /// <summary>How far they have come.</summary>
    public IReadOnlyList<RunStage> Stages { get; init; } = [];

    /// <summary>Whether the reader wants this batch, and may see it.</summary>
    public bool Includes(Batch batch) =>
        (Roots.Count == 0 || Roots.Any(root => ScriptPath.IsUnder(batch.Call.Path, root)))
        && (Path is null || ScriptPath.IsUnder(batch.Call.Path, Path))
        && (Stages.Count == 0 || Stages.Contains(batch.Stage));
}
