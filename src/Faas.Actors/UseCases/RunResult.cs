using Faas.Actors.Runs;

namespace Faas.Actors.UseCases;

/// <summary>What came of asking for a run.</summary>
/// <param name="Version">
/// The version that was run, or would have been; null for code that is not stored, and where no version was found.
/// </param>
public abstract record RunResult(long? Version);

/// <summary>The run has an outcome.</summary>
/// <param name="Outcome">How it ended. Without <see cref="Outcome.Warmth"/> the code never reached a sandbox: it does not compile.</param>
/// <param name="Streamed">True: the sink has had everything, the outcome included.</param>
/// <param name="Version">The version; null for code that is not stored.</param>
public sealed record RunFinished(Outcome Outcome, bool Streamed, long? Version) : RunResult(Version)
{
    /// <summary>
    /// Completes with what the run has cost, where the outcome came before that was known (a value is replied before the run's processes
    /// have ended); null: the outcome has it.
    /// </summary>
    public Task<Usage>? Measured { get; init; }
}

/// <summary>Nothing ran.</summary>
/// <param name="Refusal">Why not.</param>
/// <param name="Version">The version that would have run; null: none was found, or the code is not stored.</param>
public sealed record RunNotTaken(Refusal Refusal, long? Version) : RunResult(Version);
