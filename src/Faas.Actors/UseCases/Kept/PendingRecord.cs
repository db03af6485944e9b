using Faas.Actors.Runs.Kept;

namespace Faas.Actors.UseCases.Kept;

/// <summary>The record of a run whose caller has the answer, until the store has it.</summary>
/// <param name="id">The run.</param>
/// <param name="call">Its call.</param>
/// <param name="input">Its input.</param>
/// <param name="bytes">What it takes in memory, about.</param>
internal sealed class PendingRecord(string id, KeptCall call, ReadOnlyMemory<byte> input, long bytes)
{
    private const long Overhead = 1 << 10; // what a record takes beside its texts, about

    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The run.</summary>
    public string Id => id;

    /// <summary>What it takes in memory, about.</summary>
    public long Bytes { get; private set; } = bytes;

    /// <summary>Its end; null: it is not known yet.</summary>
    public KeptOutcome? Outcome { get; private set; }

    /// <summary>Completes when the store has it, or never will.</summary>
    public Task Gone => _gone.Task;

    /// <summary>What a record takes, about, before its output is known.</summary>
    public static long BytesOf(ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> value) => Overhead + input.Length + value.Length;

    /// <summary>The run has ended. The bytes that the record takes more than before are returned.</summary>
    public long End(KeptOutcome outcome)
    {
        Outcome = outcome;
        var output = outcome.Output.Pieces.Sum(piece => (long)piece.Bytes);
        Bytes += output;
        return output;
    }

    /// <summary>Asks the store to take it.</summary>
    public Task WriteAsync(IKeptRuns runs, string node) => runs.KeepAsync(id, call, input, node, Outcome!, CancellationToken.None);

    /// <summary>The store has it, or never will.</summary>
    public void Leave() => _gone.TrySetResult();
}
