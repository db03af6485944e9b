using CsCheck;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Tests.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Runs.Batches;

/// <summary>What a reader of a batch is told, wherever it begins.</summary>
public sealed class BatchReaderTests
{
    private static readonly Batch s_batch = new("call~b0123456789abcdef", 1, KeptExample.Call(), Count: 3);

    [Fact]
    public void Ends_come_behind_what_is_known_in_their_order()
    {
        Assert.Equal(("", null), (Told(new BatchReader(null), Reading(0)), new BatchReader(null).Read(Reading(0)).Then.Known));
        Assert.Equal("1 2", Told(new BatchReader(null), Reading(2)));
        Assert.Equal("2", Told(new BatchReader(1), Reading(2)));
        Assert.Equal(("", 2L), (Told(new BatchReader(2), Reading(2)), new BatchReader(2).Read(Reading(2)).Then.Known));
    }

    [Fact]
    public void The_end_of_the_batch_comes_once_and_only_when_all_ends_were_told()
    {
        Assert.Equal("1 2 3 4!", Told(new BatchReader(null), Reading(3)));
        Assert.Equal("4!", Told(new BatchReader(3), Reading(3)));
        Assert.Equal("1 2", Told(new BatchReader(0), Reading(3) with { Ends = [.. Reading(2).Ends], HasMore = true }));
        Assert.Equal(("", true), (Told(new BatchReader(4), Reading(3)), new BatchReader(4).Read(Reading(3)).IsOver));
        Assert.Equal(4, new BatchReader(0).Read(Reading(3)).Then.Known);
        Assert.False(new BatchReader(0).Read(Reading(2)).IsOver);
    }

    [Fact]
    public void A_number_is_within_the_batch_or_that_of_its_end_or_none()
    {
        Assert.Equal(
            [KeptPlace.Within, KeptPlace.Within, KeptPlace.Within, KeptPlace.Within, KeptPlace.AtTheEnd, KeptPlace.Nowhere],
            Enumerable.Range(0, 6).Select(known => new BatchReader(known).PlaceIn(Reading(3).Batch)));
        Assert.Equal(
            [KeptPlace.Within, KeptPlace.Within, KeptPlace.Nowhere, KeptPlace.Nowhere, KeptPlace.Nowhere],
            Enumerable.Range(0, 5).Select(known => new BatchReader(known).PlaceIn(Reading(1).Batch)));
    }

    [Fact]
    public void A_reader_that_is_cut_anywhere_and_looks_at_any_time_is_told_each_number_once() => Gen.Select(
        Gen.Int[1, 20], Gen.Int[1, 4], Gen.Int[0, 6].Array[1, 60]).Sample((count, atOnce, pauses) =>
    {
        var (ended, known, told) = (0, (long?)null, new List<long>());
        foreach (var pause in pauses.Concat(Enumerable.Repeat(20, 60)))
        {
            ended = Math.Min(count, ended + Math.Max(0, pause - 3));
            var (events, then, _) = new BatchReader(known).Read(Reading(ended, count, (int)(known ?? 0), atOnce));
            told.AddRange(events.Take(pause == 0 ? 1 : 99).Select(one => one.Number)); // the connection may be lost after the first
            known = pause == 0 && events.Count > 0 ? events[0].Number : then.Known;
        }

        return told.SequenceEqual(Enumerable.Range(1, count + 1).Select(number => (long)number));
    });

    private static BatchReading Reading(int ended) => Reading(ended, s_batch.Count, 0, atOnce: 100);

    private static BatchReading Reading(int ended, int count, int after, int atOnce)
    {
        var ends = Enumerable.Range(1, ended).Skip(after).Take(atOnce)
            .Select(number => new BatchEnd(number, "ok", new BatchRun(count - number, BatchIds.RunOf(s_batch.Id, count - number), null)));
        return new BatchReading(
            s_batch with { Count = count, Queued = count - ended, Ended = ended }, [.. ends], HasMore: ended - after > atOnce);
    }

    private static string Told(BatchReader reader, BatchReading reading) => string.Join(
        ' ', reader.Read(reading).Events.Select(told => told is BatchEndEvent ? $"{told.Number}!" : $"{told.Number}"));
}
