using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Runs.Kept;

/// <summary>Which kept runs a reader wants, and may see: the same words as for recent runs. Pure.</summary>
public static class KeptFilter
{
    /// <summary>Whether the reader wants this run, and may see it.</summary>
    public static bool Includes(this RunFilter filter, KeptRun run) =>
        filter.IncludesPath(run.Call.Path)
        && (filter.Version is null || filter.Version == run.Call.Version)
        && (filter.Stages.Count == 0 || filter.Stages.Contains(run.Stage))
        && (filter.Reasons.Count == 0 || (run.End is { } end && filter.Reasons.Contains(end.Reason)))
        && (filter.Languages.Count == 0 || filter.Languages.Contains(run.Call.Language))
        && (filter.Starts.Count == 0 || (run.End?.Start is { } start && filter.Starts.Contains(start)))
        && (filter.Vias.Count == 0 || filter.Vias.Contains(run.Call.Via))
        && (filter.Key is null || filter.Key == run.Call.Key)
        && (filter.CallId is null || filter.CallId == run.CallId);
}
