using Faas.Actors.Runs.Recent;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// The events of a kept run as one reader gets them. Pure.
/// <para>
/// Theory of operation. Each event of a run has a number that does not depend on when it is read: lines are counted as they are printed. So
/// what a reader knows is one number, and it goes on behind it, at any server, while the run is executed or later. Lines that the store has
/// dropped are told as one event that has the number of the last of them. The lines of a later attempt are counted on from those of the
/// one before; that the run waits for it, and is taken again, is told without a number to a reader that is there.
/// </para>
/// </summary>
/// <param name="Known">The number of the last event that the reader knows; null: it knows none.</param>
/// <param name="KnowsItWaits">Whether the reader was told last that the run waits.</param>
public sealed record KeptReader(long? Known, bool KnowsItWaits = false)
{
    /// <summary>The number behind which the store is to be read.</summary>
    public long After => Known ?? 0;

    /// <summary>
    /// How a reader that comes again stands to the run. Only for a number that it has brought.
    /// </summary>
    public KeptPlace PlaceIn(KeptReading reading) =>
        reading.Run is { Stage: RunStage.Ended, Lines: var lines } && After > lines
            ? After == lines + 1 ? KeptPlace.AtTheEnd : KeptPlace.Nowhere
            : reading.IsTrimmed ? KeptPlace.Trimmed
            : KeptPlace.Within;

    /// <summary>What is to be told now, the reader after that, and whether that was all for ever.</summary>
    public (IReadOnlyList<KeptEvent> Events, KeptReader Then, bool IsOver) Read(KeptReading reading)
    {
        var run = reading.Run;
        if (run is { Stage: RunStage.Queued, Attempt: 0 })
        {
            return Known is not null || KnowsItWaits
                ? ([], this, false)
                : ([new KeptStateEvent(null, Waits: true)], this with { KnowsItWaits = true }, false);
        }

        var events = new List<KeptEvent>();
        var knowsItWaits = KnowsItWaits;
        if (Known is null && run.Attempt > 0)
        {
            events.Add(new KeptStateEvent(0, Waits: false));
            knowsItWaits = false;
        }
        else if (knowsItWaits && run is { Stage: RunStage.Running, Attempt: > 1 })
        {
            events.Add(new KeptStateEvent(null, Waits: false));
        }

        var known = After;
        foreach (var piece in reading.Pieces)
        {
            for (var at = 0; at < piece.Lines.Count; at++)
            {
                var number = piece.First + at;
                if (number > known)
                {
                    AddGap(events, known, number - 1);
                    events.Add(new KeptLineEvent(number, piece.Lines[at]));
                    known = number;
                }
            }
        }

        if (run.Stage != RunStage.Ended || reading.HasMore)
        {
            var next = events.Count == 0 ? Known : known;
            var waits = run.Stage == RunStage.Queued && (knowsItWaits || !reading.HasMore);
            if (waits && !knowsItWaits)
            {
                events.Add(new KeptStateEvent(null, Waits: true));
            }

            return (events, new KeptReader(next, waits), false);
        }

        if (known <= run.Lines)
        {
            AddGap(events, known, run.Lines);
            events.Add(new KeptEndEvent(run.Lines + 1, run));
        }

        return (events, new KeptReader(run.Lines + 1), true);
    }

    private static void AddGap(List<KeptEvent> events, long known, long last)
    {
        if (last > known)
        {
            events.Add(new KeptGapEvent(last, last - known));
        }
    }
}

/// <summary>Where a number is that a reader has brought.</summary>
public enum KeptPlace
{
    /// <summary>What comes behind it is there, or comes yet.</summary>
    Within,

    /// <summary>What came behind it is not kept.</summary>
    Trimmed,

    /// <summary>It is that of the last event.</summary>
    AtTheEnd,

    /// <summary>No event has had it.</summary>
    Nowhere,
}
