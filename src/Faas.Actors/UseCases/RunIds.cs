using Faas.Actors.Runs;

namespace Faas.Actors.UseCases;

/// <summary>Names runs: unique in this process, and readable in a log as the call that each belongs to.</summary>
public static class RunIds
{
    private static long s_runs;

    /// <summary>A name for the next run of this call.</summary>
    public static string Next(string callId) => $"{callId}{Run.IdSeparator}{Interlocked.Increment(ref s_runs)}";
}
