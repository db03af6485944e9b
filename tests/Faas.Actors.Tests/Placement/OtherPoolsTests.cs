using Faas.Actors.Placement;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Placement;

public sealed class OtherPoolsTests
{
    private static readonly PoolPlace s_nothingFree = new(
        "run", HasWarm: false, HasSpare: false, Permits: 2, Free: 0, Waiting: 0, IsDraining: false);

    private static readonly PoolPlace s_permit = s_nothingFree with { Free = 1 };
    private static readonly PoolPlace s_spare = s_permit with { HasSpare = true };
    private static readonly PoolPlace s_warm = s_permit with { HasWarm = true };

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly OtherPools _others;
    private readonly Run _run = RunOf("return 1");

    public OtherPoolsTests() => _others = new OtherPools(_time);

    [Fact]
    public void A_bound_sandbox_here_comes_before_one_elsewhere_and_that_one_before_a_spare_here()
    {
        Tell("b", new Levels { Seats = SeatsFor(_run, 2) });
        Assert.Null(_others.Choose(_run, s_warm));
        Assert.Equal("b", _others.Choose(_run, s_spare)?.Node);
        Assert.Null(_others.Choose(RunOf("return 2"), s_spare));
    }

    [Fact]
    public void A_spare_elsewhere_comes_before_a_sandbox_that_has_to_be_started_here()
    {
        Tell("b", new Levels { Spares = new() { ["python"] = 1 } });
        Assert.Null(_others.Choose(_run, s_spare));
        Assert.Equal("b", _others.Choose(_run, s_permit)?.Node);
        Assert.Null(_others.Choose(RunOf("return 1", Language.JavaScript), s_permit)); // its image has no spare there
    }

    [Fact]
    public void Where_nothing_is_free_here_the_least_loaded_node_gets_the_run()
    {
        Tell("b", new Levels { Permits = 4, Free = 1 });
        Tell("c", new Levels { Permits = 4, Free = 3 });
        Assert.Null(_others.Choose(_run, s_permit));
        Assert.Equal("c", _others.Choose(_run, s_nothingFree)?.Node);
    }

    [Fact]
    public void A_queue_elsewhere_must_be_clearly_shorter_before_a_run_is_sent_to_its_end()
    {
        Tell("b", new Levels { Permits = 2, Free = 0, Waiting = 2 });
        Assert.Null(_others.Choose(_run, s_nothingFree with { Waiting = 4 }));
        Assert.Equal("b", _others.Choose(_run, s_nothingFree with { Waiting = 5 })?.Node);
        Assert.Equal("b", _others.Choose(_run, s_nothingFree with { IsDraining = true })?.Node);
    }

    [Fact]
    public void A_seat_that_a_run_was_sent_to_is_taken_until_the_run_has_ended_and_then_free_again()
    {
        Tell("b", new Levels { Free = 2, Seats = SeatsFor(_run, 1) });
        var claim = _others.Choose(_run, s_spare);
        Assert.NotNull(claim);
        Assert.Null(_others.Choose(_run, s_spare));
        _others.End(claim);
        Assert.Equal("b", _others.Choose(_run, s_spare)?.Node);
    }

    [Fact]
    public void A_spare_that_a_run_has_bound_has_room_for_the_next_one()
    {
        Tell("b", new Levels { Spares = new() { ["python"] = 1 } });
        var claim = _others.Choose(_run, s_permit)!;
        Assert.Null(_others.Choose(RunOf("return 2"), s_permit)); // it was the only one
        _others.End(claim);
        Assert.Equal("b", _others.Choose(_run, s_spare)?.Node);
    }

    [Fact]
    public void News_replace_what_this_node_has_counted_itself()
    {
        Tell("b", new Levels { Free = 2, Seats = SeatsFor(_run, 1) });
        var claim = _others.Choose(_run, s_spare)!;
        Tell("b", new Levels { Free = 2, Seats = SeatsFor(_run, 0) }, isWhole: false);
        _others.End(claim); // belongs to the news before
        Assert.Null(_others.Choose(_run, s_spare));
    }

    [Fact]
    public void News_that_say_nothing_of_a_seat_leave_it_as_it_was_told()
    {
        Tell("b", new Levels { Free = 2, Seats = SeatsFor(_run, 1) });
        var claim = _others.Choose(_run, s_spare)!;
        Tell("b", new Levels { Free = 1 }, isWhole: false); // another change
        _others.End(claim);
        Assert.Equal("b", _others.Choose(_run, s_spare)?.Node);
    }

    [Fact]
    public void A_node_that_drains_is_silent_or_gone_gets_no_runs()
    {
        Tell("b", new Levels { IsDraining = true, Seats = SeatsFor(_run, 1) });
        Assert.Null(_others.Choose(_run, s_spare));

        Tell("c", new Levels { Seats = SeatsFor(_run, 1) });
        _time.Now += OtherPools.MostSilence;
        Assert.Null(_others.Choose(_run, s_spare));

        Tell("d", new Levels { Seats = SeatsFor(_run, 1) });
        _others.Forget("d");
        Assert.Null(_others.Choose(_run, s_spare));
    }

    [Fact]
    public void Seats_are_unknown_after_news_that_did_not_come_until_all_of_them_are_told()
    {
        Assert.True(_others.Take("b", NewsOf(1, isWhole: true, new Levels { Seats = SeatsFor(_run, 1) })));
        Assert.False(_others.Take("b", NewsOf(3, isWhole: false, new Levels { Free = 2 })));
        Assert.Null(_others.Choose(_run, s_spare));
        Assert.False(_others.Take("b", NewsOf(4, isWhole: false, new Levels { Seats = SeatsFor(_run, 1) })));
        Assert.Null(_others.Choose(_run, s_spare));
        Assert.True(_others.Take("b", NewsOf(5, isWhole: true, new Levels { Seats = SeatsFor(_run, 1) })));
        Assert.Equal("b", _others.Choose(_run, s_spare)?.Node);
    }

    private static Run RunOf(string code, Language language = Language.Python) => new(
        "run", "path", ScriptCode.Of(language, code), RunMode.Execute, Isolation.Process, "{}"u8.ToArray(), Stream: false);

    private static Dictionary<long, int> SeatsFor(Run run, int seats) => new() { [PoolDigest.HashOf(run.BindingKey!)] = seats };

    private readonly Dictionary<string, long> _told = [];

    private void Tell(string node, Levels levels, bool isWhole = true)
    {
        _told[node] = _told.GetValueOrDefault(node) + 1;
        Assert.True(_others.Take(node, NewsOf(_told[node], isWhole, levels)));
    }

    private static DigestNews NewsOf(long number, bool isWhole, Levels levels) => new(
        Life: 1, number, isWhole, levels.Permits, levels.Free, levels.Waiting, levels.IsDraining, levels.Spares, levels.Seats);

    private sealed record Levels
    {
        public int Permits { get; init; } = 2;

        public int Free { get; init; } = 1;

        public int Waiting { get; init; }

        public bool IsDraining { get; init; }

        public Dictionary<string, int> Spares { get; init; } = [];

        public Dictionary<long, int> Seats { get; init; } = [];
    }
}
