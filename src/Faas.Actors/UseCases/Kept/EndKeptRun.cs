using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Kept;

/// <summary>What became of a run of the queue after an attempt.</summary>
public enum KeptEnding
{
    /// <summary>Another server had ended it before.</summary>
    NotOwn,

    /// <summary>It has ended.</summary>
    Ended,

    /// <summary>It waits for its next attempt.</summary>
    Waits,
}

/// <summary>
/// Writes the end of a run of the queue; or, if its version says so, that it waits for its next attempt. The policy is in the run's call,
/// so any server does the same, also one that finds the run of a server which has ended. The end that counts is handed on to the next run
/// of the chain.
/// </summary>
public sealed class EndKeptRun(IKeptRuns runs, HandOver handOver)
{
    /// <summary>Writes it. Throws <see cref="StoreException"/>.</summary>
    /// <param name="seat">The seat that has the run.</param>
    /// <param name="run">The run, with its input and the attempt that has ended.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="hurry">Cancelled when there is no time left to find the next run of the chain: the end is written without it.</param>
    /// <param name="cancellation">Cancelled when the run may stay as it is.</param>
    public async Task<KeptEnding> ExecuteAsync(
        KeptSeat seat, KeptRun run, KeptOutcome outcome, CancellationToken hurry, CancellationToken cancellation)
    {
        if (RetryRule.Decide(run.Call.Retry, outcome.End.Reason, run.Attempt, Random.Shared.NextDouble()) is not { } delay)
        {
            var end = await PrepareAsync(run, outcome, hurry, cancellation);
            return await runs.EndAsync(seat, run.Id, end, CancellationToken.None) ? KeptEnding.Ended : KeptEnding.NotOwn;
        }

        return await runs.RetryAsync(seat, run, outcome, delay, CancellationToken.None) switch
        {
            KeptRetry.Waits => KeptEnding.Waits,
            KeptRetry.Ended => KeptEnding.Ended,
            _ => KeptEnding.NotOwn,
        };
    }

    private async Task<KeptOutcome> PrepareAsync(
        KeptRun run, KeptOutcome outcome, CancellationToken hurry, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hurry, cancellation);
        try
        {
            return await handOver.PrepareAsync(run, outcome, either.Token);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            return outcome with { NextRefused = "The server ended before it had found the script." };
        }
    }
}
