using System.Text;
using CsCheck;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Tests.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Runs.Kept;

/// <summary>What a reader of a kept run is told, wherever it begins.</summary>
public sealed class KeptReaderTests
{
    private static readonly KeptRun s_run = new("call~k1", 1, KeptExample.Call(), RunStage.Running) { Attempt = 1 };
    private static readonly KeptRun s_ended = s_run with { Stage = RunStage.Ended, Lines = 4, End = new KeptEnd { Reason = "ok" } };

    [Fact]
    public void A_run_that_waits_is_told_once_and_has_no_number()
    {
        var waits = new KeptReading(s_run with { Stage = RunStage.Queued, Attempt = 0 }, [], HasMore: false, IsTrimmed: false);
        var (events, then, isOver) = new KeptReader(null).Read(waits);
        Assert.Equal((new KeptStateEvent(null, Waits: true), false), (Assert.Single(events), isOver));
        Assert.Empty(then.Read(waits).Events);
        Assert.Equal("0", Told(then.Read(Reading(s_run))));
        Assert.Empty(new KeptReader(0).Read(waits).Events); // it went back to the queue
    }

    [Fact]
    public void Lines_come_behind_what_is_known_and_missing_ones_are_told_as_one_event()
    {
        var reading = Reading(s_run, KeptExample.Piece(2, "one", "two"), KeptExample.Piece(6, "five", "six"));
        Assert.Equal("0 1:one 2:two 4-2 5:five 6:six", Told(new KeptReader(null).Read(reading)));
        Assert.Equal("2:two 4-2 5:five 6:six", Told(new KeptReader(1).Read(reading)));
        Assert.Equal("6:six", Told(new KeptReader(5).Read(reading)));
        Assert.Equal(("", 6L), (Told(new KeptReader(6).Read(reading)), new KeptReader(6).Read(reading).Then.Known));
        Assert.Equal("0 2-2 3:three", Told(new KeptReader(null).Read(Reading(s_run, KeptExample.Piece(3, "three")))));
    }

    [Fact]
    public void Between_attempts_a_reader_gets_the_lines_and_is_told_that_the_run_waits_and_goes_on()
    {
        var waits = s_run with { Stage = RunStage.Queued };
        var (one, two) = (KeptExample.Piece(1, "one"), KeptExample.Piece(2, "two"));
        var (events, then, isOver) = new KeptReader(null).Read(Reading(waits, one));
        Assert.Equal(("0 1:one waits", false), (Told((events, then, isOver)), isOver));
        Assert.Equal((1L, true), (then.Known, then.KnowsItWaits));
        Assert.Empty(then.Read(Reading(waits)).Events);
        Assert.Equal("waits", Told(new KeptReader(1).Read(Reading(waits)))); // one that comes again
        Assert.Equal("1:one", Told(new KeptReader(0).Read(Reading(waits, one) with { HasMore = true })));

        var second = s_run with { Attempt = 2 };
        (events, then, isOver) = then.Read(Reading(second, two));
        Assert.Equal(("goes on 2:two", false), (Told((events, then, isOver)), then.KnowsItWaits));
        Assert.Empty(then.Read(Reading(second)).Events);
        Assert.Equal("3-1 4:four 5!", Told(then.Read(Reading(s_ended with { Attempt = 2 }, KeptExample.Piece(4, "four")))));

        // The first attempt was over before the reader looked.
        Assert.Equal("0 1:one waits", Told(new KeptReader(null, KnowsItWaits: true).Read(Reading(waits, one))));
    }

    [Fact]
    public void The_end_comes_once_behind_the_last_line_and_only_when_all_lines_were_told()
    {
        var last = KeptExample.Piece(4, "three", "four");
        Assert.Equal("3:three 4:four 5!", Told(new KeptReader(2).Read(Reading(s_ended, last))));
        Assert.Equal("3:three 4:four", Told(new KeptReader(2).Read(Reading(s_ended, last) with { HasMore = true })));
        Assert.Equal("4-2 5!", Told(new KeptReader(2).Read(Reading(s_ended)))); // of the last lines, none is kept
        Assert.Equal(("", true), (Told(new KeptReader(5).Read(Reading(s_ended))), new KeptReader(5).Read(Reading(s_ended)).IsOver));
        Assert.Equal("1!", Told(new KeptReader(null).Read(Reading(s_ended with { Attempt = 0, Lines = 0 }))));
        Assert.Equal("0 1!", Told(new KeptReader(null).Read(Reading(s_ended with { Lines = 0 }))));
    }

    [Fact]
    public void A_number_is_within_the_run_or_trimmed_or_that_of_the_end_or_none()
    {
        var ended = Reading(s_ended);
        Assert.Equal(
            (KeptPlace.Within, KeptPlace.AtTheEnd, KeptPlace.Nowhere, KeptPlace.Trimmed, KeptPlace.Within),
            (new KeptReader(4).PlaceIn(ended), new KeptReader(5).PlaceIn(ended), new KeptReader(6).PlaceIn(ended),
                new KeptReader(1).PlaceIn(ended with { IsTrimmed = true }), new KeptReader(99).PlaceIn(Reading(s_run))));
    }

    [Fact]
    public Task Any_cuts_give_what_an_uncut_reader_gets_and_what_is_dropped_is_told() => Gen.Select(
        Gen.Int[30, 400],
        Gen.Frequency(
            (6, Gen.Const(Step.Print)), (4, Gen.Const(Step.Store)), (1, Gen.Const(Step.Trim)), (4, Gen.Const(Step.Read)),
            (3, Gen.Const(Step.Cut)),
            (1, Gen.Const(Step.Retry))).List[0, 80]).SampleAsync((most, steps) => RunAsync(most, steps), iter: 300);

    private static async Task RunAsync(int most, List<Step> steps)
    {
        var (runs, seat, tail, attempt) = (new KeptRunsInMemory(), new KeptSeat("here", "now", 0), new KeptTail(most), 1);
        await runs.AcceptAsync("run", KeptExample.Call(), "{}"u8.ToArray(), default);
        await runs.TakeAsync(seat, default);
        var (reader, told, printed, hasTrimmed) = (new KeptReader(null), new List<KeptEvent>(), 0, false);
        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Print:
                    tail.Append(OutputStream.Stdout, Encoding.ASCII.GetBytes($"line {++printed}\n"));
                    break;
                case Step.Store:
                    var pieces = tail.Next();
                    await runs.AppendAsync(seat, "run", pieces, default);
                    tail.Stored(pieces.Count == 0 ? 0 : pieces[^1].Last);
                    break;
                case Step.Trim when (await runs.ReadAsync("run", 0, default))!.Pieces.Count > 0:
                    runs.Trim("run");
                    hasTrimmed = true;
                    break;
                case Step.Read:
                    await ReadAsync();
                    break;
                case Step.Retry:
                    var failed = KeptExample.Failed with { Output = new KeptRest(tail.Rest(), tail.Count) };
                    var tried = new KeptRun("run", 1, KeptExample.Call(), RunStage.Running) { Attempt = attempt++ };
                    Assert.Equal(KeptRetry.Waits, await runs.RetryAsync(seat, tried, failed, TimeSpan.Zero, default));
                    await ReadAsync();
                    tail = new KeptTail(most, (await runs.TakeAsync(seat, default)).Run!.Lines);
                    break;
                case Step.Cut when reader.Known is { } known:
                    reader = new KeptReader(known);
                    if (reader.PlaceIn((await runs.ReadAsync("run", known, default))!) == KeptPlace.Trimmed)
                    {
                        Assert.True(hasTrimmed || known == 0);
                        return; // it is told so, and does not go on
                    }

                    break;
            }
        }

        await runs.EndAsync(seat, "run", KeptExample.Ended with { Output = new KeptRest(tail.Rest(), tail.Count) }, default);
        while (!await ReadAsync())
        {
            // There is more.
        }

        var at = 0L;
        foreach (var next in told.OfType<KeptLineEvent>().Select(line => (line.Number, Lines: 1L))
            .Concat(told.OfType<KeptGapEvent>().Select(gap => (gap.Number, gap.Lines))).OrderBy(next => next.Number))
        {
            Assert.Equal(at += next.Lines, next.Number);
        }

        Assert.All(told.OfType<KeptLineEvent>(), line => Assert.Equal($"line {line.Number}", line.Line.Text));
        Assert.Equal(printed, at);
        Assert.Equal(printed + 1, Assert.Single(told.OfType<KeptEndEvent>()).Number);
        Assert.Single(told.OfType<KeptStateEvent>(), state => state.Number == 0);

        async Task<bool> ReadAsync()
        {
            var (events, then, isOver) = reader.Read((await runs.ReadAsync("run", reader.After, default))!);
            told.AddRange(events);
            reader = then;
            return isOver;
        }
    }

    private static KeptReading Reading(KeptRun run, params KeptPiece[] pieces) => new(run, pieces, HasMore: false, IsTrimmed: false);

    private static string Told((IReadOnlyList<KeptEvent> Events, KeptReader, bool) read) => string.Join(' ', read.Events.Select(Text));

    private static string Text(KeptEvent told) => told switch
    {
        KeptStateEvent { Number: null, Waits: true } => "waits",
        KeptStateEvent { Number: null } => "goes on",
        KeptStateEvent state => $"{state.Number}",
        KeptLineEvent line => $"{line.Number}:{line.Line.Text}",
        KeptGapEvent gap => $"{gap.Number}-{gap.Lines}",
        KeptEndEvent end => $"{end.Number}!",
        _ => $"{told}",
    };

    private enum Step
    {
        Print,
        Store,
        Trim,
        Read,
        Cut,
        Retry,
    }
}
