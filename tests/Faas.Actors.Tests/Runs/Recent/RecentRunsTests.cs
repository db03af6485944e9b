using System.Text;
using CsCheck;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Runs.Recent;

public sealed class RecentRunsTests
{
    private readonly RunsOnPaper _paper = new();

    [Fact]
    public void A_run_goes_from_waiting_to_its_end_and_its_cost_comes_later()
    {
        using var runs = Runs(RunsOnPaper.Generous);
        var run = runs.Begin(_paper.Make(printed: "adding\n"));
        Assert.Equal((RunStage.Waiting, null, null), (run.Look().Stage, run.Look().Started, run.Look().Start));
        _paper.Pass(TimeSpan.FromSeconds(1));
        run.Leased(Warmth.Spare);
        Assert.Equal((RunStage.Running, Warmth.Spare), (run.Look().Stage, run.Look().Start));
        _paper.Pass(TimeSpan.FromSeconds(2));
        runs.End(run, RunsOnPaper.Ok with { Usage = new Usage(TimeSpan.FromSeconds(2), TimeSpan.Zero, 0) }, costFollows: true);
        Assert.False(run.IsComplete);
        run.Measured(new Usage(TimeSpan.Zero, TimeSpan.FromSeconds(1), 4096));
        run.Call.Answered(200);
        Assert.True(run.IsComplete);

        var found = runs.Find(run.Id, RunFilter.All)!;
        Assert.Equal((RunStage.Ended, "ok", 2, 4096L), (found.Stage, found.End!.Reason, found.End.ResultBytes, found.MemoryBytes!.Value));
        Assert.Equal(TimeSpan.FromSeconds(1), found.Started!.Value - run.Queued);
        Assert.Equal(TimeSpan.FromSeconds(2), found.Ended!.Value - found.Started.Value);
        Assert.Equal((TimeSpan.FromSeconds(1), 200, "call0"), (found.Cpu!.Value, run.Call.Status!.Value, run.CallId));
        Assert.Equal("adding", Encoding.UTF8.GetString(run.Log!.Lines().Lines.Single().Bytes.Span));
    }

    [Fact]
    public void Of_a_run_that_another_node_has_executed_it_is_known_when_it_began_and_that_its_output_is_not_here()
    {
        using var runs = Runs(RunsOnPaper.Generous);
        var run = runs.Begin(_paper.Make());
        _paper.Pass(TimeSpan.FromSeconds(3));
        run.PrintsElsewhere();
        run.Leased(Warmth.Warm, ago: TimeSpan.FromSeconds(2));
        Assert.Equal((Warmth.Warm, TimeSpan.FromSeconds(1)), (run.Look().Start!.Value, run.Look().Started!.Value - run.Queued));
        Assert.True(run.IsLogForgotten);

        run.Leased(Warmth.Warm, ago: TimeSpan.FromHours(1)); // clocks of two nodes
        Assert.Equal(run.Queued, run.Look().Started!.Value);
    }

    [Fact]
    public void A_second_end_is_ignored()
    {
        using var runs = Runs(RunsOnPaper.Generous);
        var run = runs.Begin(_paper.Make());
        runs.End(run, Outcome.Cancelled);
        runs.End(run, RunsOnPaper.Ok);
        Assert.Equal("cancelled", runs.Page(RunFilter.All, 10).Runs.Single().End!.Reason);
    }

    [Fact]
    public void A_long_error_is_cut_and_the_value_is_not_kept()
    {
        using var runs = Runs(RunsOnPaper.Generous);
        var run = runs.Begin(_paper.Make());
        runs.End(run, new Outcome(Reason.Error) { Error = new ScriptError("E", new string('m', 100_000), new string('s', 100_000)) });
        Assert.Equal((4097, 4097), (run.End!.Error!.Message.Length, run.End.Error.Stack!.Length));
    }

    /// <summary>
    /// Whatever begins, gets a sandbox, prints, ends, is measured and gets old in whatever order: the same runs are kept as by a plain
    /// list,
    /// pages and changes add up to them, and no bound is passed.
    /// </summary>
    [Fact]
    public void What_is_kept_is_what_a_plain_list_would_keep() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 40], Gen.Int[0, 9], Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7]).List[1, 120])
            .Sample((count, memory, logSize, steps) =>
            {
                var paper = new RunsOnPaper();
                var options = new RecentRunsOptions(count, TimeSpan.FromSeconds(20), logSize, memory, 2);
                using var runs = new RecentRuns(options, paper);
                var (open, ended) = (new List<RunRecord>(), new List<(RunRecord Run, TimeSpan End)>());
                var known = new Dictionary<string, RunStage>();
                var (clock, since) = (TimeSpan.Zero, (long?)null);
                foreach (var (kind, which) in steps)
                {
                    var run = open.Count > 0 ? open[which % open.Count] : null;
                    switch (kind)
                    {
                        case 0 or 1 or 2:
                            open.Add(runs.Begin(paper.Make(printed: which < 4 ? new string('x', which * 3) : null)));
                            break;
                        case 3:
                            run?.Leased(Warmth.Warm);
                            break;
                        case 4 or 5 or 6 when run is not null:
                            open.Remove(run);
                            ended.Add((run, clock));
                            runs.End(run, RunsOnPaper.Ok, costFollows: which > 4);
                            if (which < 6)
                            {
                                run.Call.Answered(200);
                            }

                            break;
                        case 7:
                            ended.ForEach(one => one.Run.Measured(Usage.None));
                            break;
                        default:
                            paper.Pass(TimeSpan.FromSeconds(which));
                            clock += TimeSpan.FromSeconds(which);
                            break;
                    }

                    ended.RemoveAll(one => clock - one.End > options.MaxAge);
                    ended = [.. ended.TakeLast(count)];
                    var expected = open.Concat(ended.Select(one => one.Run)).Select(one => one.Id)
                        .OrderByDescending(id => int.Parse(id[(id.IndexOf('~', StringComparison.Ordinal) + 1)..], null)).ToList();
                    Assert.Equal(expected, Paged(runs, 1 + (which % 3)));
                    Assert.True(ended.Sum(one => one.Run.LogBytes) <= memory);
                    Assert.All(ended, one => Assert.True(one.Run.LogBytes <= logSize));
                    if (which % 2 == 0)
                    {
                        var changes = runs.Changes(RunFilter.All, 1000, since);
                        since = changes.Change;
                        known = changes.IsWhole ? [] : known;
                        changes.Runs.ToList().ForEach(one => known[one.Record.Id] = one.Stage);
                        Assert.All(open, one => Assert.Equal(one.Look().Stage, known[one.Id]));
                    }
                }

                // After a second without news, all that has ended was told.
                paper.Pass(TimeSpan.FromSeconds(1.1));
                var last = runs.Changes(RunFilter.All, 1000, since);
                known = last.IsWhole ? [] : known;
                last.Runs.ToList().ForEach(one => known[one.Record.Id] = one.Stage);
                Assert.All(
                    ended.Where(one => clock - one.End < TimeSpan.FromSeconds(18)),
                    one => Assert.Equal(RunStage.Ended, known[one.Run.Id]));
            });

    [Fact]
    public void A_watcher_who_missed_more_than_is_kept_gets_the_newest_and_is_told_so()
    {
        using var runs = Runs(RunsOnPaper.Generous with { Count = 3 });
        var (first, _) = (runs.Changes(RunFilter.All, 10, null), 0);
        Assert.True(first.IsWhole);
        for (var i = 0; i < 3; i++)
        {
            EndOne(runs);
        }

        var few = runs.Changes(RunFilter.All, 10, first.Change);
        Assert.Equal((false, 3), (few.IsWhole, few.Runs.Count));
        EndOne(runs);
        Assert.Single(runs.Changes(RunFilter.All, 10, few.Change).Runs);
        Assert.True(runs.Changes(RunFilter.All, 10, first.Change).IsWhole);
        Assert.True(runs.Changes(RunFilter.All, 2, few.Change - 1).IsWhole == false);
        Assert.True(runs.Changes(RunFilter.All, 10, 12345).IsWhole); // of no change of this server
    }

    [Fact]
    public void More_changes_than_a_watcher_wants_are_the_newest_ones()
    {
        using var runs = Runs(RunsOnPaper.Generous);
        var first = runs.Changes(RunFilter.All, 2, null);
        for (var i = 0; i < 5; i++)
        {
            EndOne(runs);
        }

        var changes = runs.Changes(RunFilter.All, 2, first.Change);
        Assert.True(changes.IsWhole);
        Assert.Equal(["call4~4", "call3~3"], changes.Runs.Select(run => run.Record.Id));
    }

    [Fact]
    public void A_filter_takes_what_it_names_and_a_limited_reader_sees_nothing_else()
    {
        using var runs = Runs(RunsOnPaper.Generous);
        var add = runs.Begin(_paper.Make("math/add", key: "ci"));
        add.Leased(Warmth.Cold);
        var sub = runs.Begin(_paper.Make("math/sub", via: RunVia.Function));
        runs.Begin(_paper.Make("mathematics", version: 2));
        runs.Begin(_paper.Make(Run.RunNowQueue, version: null, via: RunVia.RunNow));
        runs.Refuse(sub, "queue_full", "Every sandbox is busy and the queue is full.");

        Assert.Equal(["/run-now", "mathematics", "math/sub", "math/add"], Paths(RunFilter.All));
        Assert.Equal(["math/sub", "math/add"], Paths(RunFilter.All with { Path = "math" }));
        Assert.Equal(["math/sub", "math/add"], Paths(RunFilter.All with { Roots = ["math"] }));
        Assert.Empty(Paths(RunFilter.All with { Roots = ["math"], Path = Run.RunNowQueue }));
        Assert.Null(runs.Find(add.Id, RunFilter.All with { Roots = ["other"] }));
        Assert.Equal(["math/add"], Paths(RunFilter.All with { Stages = [RunStage.Running] }));
        Assert.Equal(["math/sub"], Paths(RunFilter.All with { Reasons = ["queue_full", "error"] }));
        Assert.Equal(["math/add"], Paths(RunFilter.All with { Starts = [Warmth.Cold] }));
        Assert.Equal(["/run-now", "math/sub"], Paths(RunFilter.All with { Vias = [RunVia.Function, RunVia.RunNow] }));
        Assert.Equal(["math/add"], Paths(RunFilter.All with { Key = "ci" }));
        Assert.Equal(["mathematics"], Paths(RunFilter.All with { Version = 2 }));
        Assert.Equal(["math/add"], Paths(RunFilter.All with { CallId = "call0" }));
        Assert.Empty(Paths(RunFilter.All with { Languages = [Language.JavaScript] }));

        IEnumerable<string> Paths(RunFilter filter) => runs.Page(filter, 10).Runs.Select(run => run.Record.Path);
    }

    [Fact]
    public void A_count_of_none_notes_nothing()
    {
        using var runs = Runs(RunsOnPaper.Generous with { Count = 0 });
        Assert.Null(runs.CallOf(RunVia.Run, TimeSpan.Zero));
        var run = new Run("a~1", "p", ScriptCode.Of(Language.Python, "1"), RunMode.Execute, Isolation.Process, default, Stream: false);
        Assert.Null(runs.Begin(run, runs.CallOf(RunVia.Run, TimeSpan.Zero), null, null));
        runs.End(null, RunsOnPaper.Ok);
        runs.Refuse(null, "store", "");
        Assert.Empty(runs.Page(RunFilter.All, 10).Runs);
        Assert.Empty(runs.Activity(RunFilter.All, 60).Scripts);
    }

    [Fact]
    public async Task Many_threads_may_note_and_read_at_once()
    {
        using var runs = new RecentRuns(RunsOnPaper.Generous with { Count = 50 }, TimeProvider.System);
        var paper = new RunsOnPaper();
        var reading = true;
        var reader = Task.Run(() =>
        {
            long? since = null;
            while (Volatile.Read(ref reading))
            {
                since = runs.Changes(RunFilter.All, 20, since).Change;
                runs.Activity(RunFilter.All, 60);
                Assert.True(runs.Page(RunFilter.All, 100).Runs.Count <= 54);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var run = runs.Begin(paper.Make());
                run.Leased(Warmth.Warm);
                runs.End(run, RunsOnPaper.Ok);
                run.Call.Answered(200);
            }
        })));
        Volatile.Write(ref reading, false);
        await reader;
        Assert.Equal(50, runs.Page(RunFilter.All, 100).Runs.Count);
        Assert.Equal(8000, runs.Activity(RunFilter.All, 60).Scripts.Single().Runs);
    }

    private static List<string> Paged(RecentRuns runs, int most)
    {
        var (all, before) = (new List<string>(), (long?)null);
        do
        {
            var (page, next) = runs.Page(RunFilter.All, most, before);
            all.AddRange(page.Select(run => run.Record.Id));
            before = next;
        }
        while (before is not null);
        return all;
    }

    private RecentRuns Runs(RecentRunsOptions options) => new(options, _paper);

    private void EndOne(RecentRuns runs)
    {
        var run = runs.Begin(_paper.Make());
        runs.End(run, RunsOnPaper.Ok);
        run.Call.Answered(200);
    }
}
