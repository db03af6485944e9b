using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Runs.Batches;

/// <summary>
/// A batch at one moment: one request for many runs of a script, one for each input. Its runs are asynchronous kept runs like all others;
/// the batch counts what becomes of them.
/// </summary>
/// <param name="Id">Its name, a <see cref="BatchIds"/>.</param>
/// <param name="Number">Its place among all batches that were ever accepted.</param>
/// <param name="Call">
/// What was known when it was accepted: the call of each of its runs, without their numbers; the length of the input is that of all inputs.
/// </param>
/// <param name="Count">How many inputs it has, 1 to 10000.</param>
public sealed record Batch(string Id, long Number, KeptCall Call, int Count)
{
    /// <summary>How many of its runs wait.</summary>
    public int Queued { get; init; }

    /// <summary>How many a server has taken.</summary>
    public int Running { get; init; }

    /// <summary>How many have ended.</summary>
    public int Ended { get; init; }

    /// <summary>How many have ended for which reason, by the names on the wire.</summary>
    public IReadOnlyDictionary<string, int> Reasons { get; init; } = new Dictionary<string, int>();

    /// <summary>When a server took the first of its runs, by the clock of the store; null: none has.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the last of its runs ended, by the clock of the store; null: not all have.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary><see cref="RunStage.Queued"/>: none of its runs has begun; <see cref="RunStage.Ended"/>: all have ended.</summary>
    public RunStage Stage =>
        Ended == Count ? RunStage.Ended
        : Running + Ended > 0 ? RunStage.Running
        : RunStage.Queued;
}

/// <summary>One run of a batch.</summary>
/// <param name="Index">Which input it has, from 0.</param>
/// <param name="Id">Its name.</param>
/// <param name="Run">The run with its value, and without its input and output; null: it is not kept any more.</param>
public sealed record BatchRun(int Index, string Id, KeptRun? Run);
