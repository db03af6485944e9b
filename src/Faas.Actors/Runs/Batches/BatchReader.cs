using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Runs.Batches;

/// <summary>
/// The events of a batch as one reader gets them. Pure.
/// <para>
/// Theory of operation. The ends of a batch's runs have the numbers 1, 2, 3 and so on, in the order in which they came; the end of the
/// batch has the number behind the last of them. A number does not depend on when it is read. So what a reader knows is one number, and it
/// goes on behind it, at any server, while the batch goes on or later.
/// </para>
/// </summary>
/// <param name="Known">The number of the last event that the reader knows; null: it knows none.</param>
public sealed record BatchReader(long? Known)
{
    /// <summary>The number behind which the store is to be read.</summary>
    public long After => Known ?? 0;

    /// <summary>How a reader that comes again stands to the batch. Only for a number that it has brought.</summary>
    public KeptPlace PlaceIn(Batch batch) =>
        batch.Stage == RunStage.Ended && After == batch.Count + 1 ? KeptPlace.AtTheEnd
        : After > batch.Ended ? KeptPlace.Nowhere
        : KeptPlace.Within;

    /// <summary>What is to be told now, the reader after that, and whether that was all for ever.</summary>
    public (IReadOnlyList<BatchEvent> Events, BatchReader Then, bool IsOver) Read(BatchReading reading)
    {
        var (batch, known) = (reading.Batch, After);
        var events = new List<BatchEvent>();
        foreach (var end in reading.Ends.Where(end => end.Number > known))
        {
            events.Add(new BatchRunEvent(end.Number, batch.Count, end));
            known = end.Number;
        }

        if (batch.Stage != RunStage.Ended || reading.HasMore)
        {
            return (events, events.Count == 0 ? this : new BatchReader(known), false);
        }

        if (known <= batch.Count)
        {
            events.Add(new BatchEndEvent(batch.Count + 1, batch));
        }

        return (events, new BatchReader(batch.Count + 1), true);
    }
}

/// <summary>What a reader of a batch finds in the store at one moment: the batch first, and then the ends.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Ends">The oldest ends that the reader does not know, in order.</param>
/// <param name="HasMore">Whether there may be further ones.</param>
public sealed record BatchReading(Batch Batch, IReadOnlyList<BatchEnd> Ends, bool HasMore);

/// <summary>The end of one run of a batch.</summary>
/// <param name="Number">Its place among the ends of the batch, from 1.</param>
/// <param name="Reason">How the run ended.</param>
/// <param name="Run">The run.</param>
public sealed record BatchEnd(long Number, string Reason, BatchRun Run);

/// <summary>What a reader of a batch is told.</summary>
/// <param name="Number">The number of the event.</param>
public abstract record BatchEvent(long Number);

/// <summary>A run has ended.</summary>
/// <param name="Number">How many have ended then.</param>
/// <param name="Count">How many the batch has.</param>
/// <param name="End">The end.</param>
public sealed record BatchRunEvent(long Number, int Count, BatchEnd End) : BatchEvent(Number);

/// <summary>All runs have ended: the last event.</summary>
/// <param name="Number">One more than there are runs.</param>
/// <param name="Batch">The batch.</param>
public sealed record BatchEndEvent(long Number, Batch Batch) : BatchEvent(Number);
