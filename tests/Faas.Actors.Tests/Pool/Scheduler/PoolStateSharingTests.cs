using Akka.Actor;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>How runs share the process of a version whose concurrency is above 1.</summary>
public class PoolStateSharingTests
{
    private static readonly ActorPath s_path = ActorPath.Parse("akka://paper/user/pool/reply");
    private readonly List<PoolEffect> _effects = [];
    private readonly PoolState _state;
    private TimeSpan _now = TimeSpan.FromHours(1);
    private int _calls;

    public PoolStateSharingTests() => _state = Pool(sandboxes: 2, running: 2);

    [Fact]
    public void Runs_that_come_together_share_the_sandbox_that_is_started_for_the_first()
    {
        var runs = Enumerable.Range(0, 4).Select(_ => Arrive("a", concurrency: 4)).ToList();
        Assert.Equal([0], Started);

        Ready(0);

        Assert.Equal(runs.Select(run => (0L, run)), Leases);
        Assert.Equal([Warmth.Cold, Warmth.Warm, Warmth.Warm, Warmth.Warm], _effects.OfType<SendLease>().Select(lease => lease.Warmth));
        Assert.Equal((1, 0), (_state.Status.Busy, _state.Status.Waiting));
    }

    [Fact]
    public void A_run_takes_a_free_seat_at_once_and_needs_no_permit()
    {
        var pool = Pool(sandboxes: 1, running: 1);
        var first = Arrive("a", concurrency: 2, pool);
        Ready(0, pool);
        var second = Arrive("a", concurrency: 2, pool);
        var third = Arrive("a", concurrency: 2, pool);
        Assert.Equal([(0L, first), (0L, second)], Leases);

        Free(0, first, pool);

        Assert.Equal((0L, third), Leases[^1]);
    }

    [Fact]
    public void A_sandbox_is_idle_when_its_last_run_is_over()
    {
        var first = Arrive("a", concurrency: 2);
        Ready(0);
        var second = Arrive("a", concurrency: 2);
        Free(0, first);
        Assert.Equal((1, 0), (_state.Status.Busy, _state.Status.Idle));

        Free(0, second);

        Assert.Equal((0, 1), (_state.Status.Busy, _state.Status.Idle));
        var third = Arrive("a", concurrency: 2);
        Assert.Equal((0L, third), Leases[^1]);
    }

    [Fact]
    public void Other_versions_and_scripts_do_not_share_it()
    {
        Arrive("a", concurrency: 2);
        Ready(0);

        var other = Arrive("b", concurrency: 2);

        Assert.DoesNotContain(Leases, lease => lease == (0L, other));
        Assert.Equal([0, 1], Started);
    }

    [Fact]
    public void A_sandbox_that_is_never_without_runs_gives_way_to_another_lane_when_its_turn_is_over()
    {
        var pool = Pool(sandboxes: 1, running: 1);
        var first = Arrive("a", concurrency: 2, pool);
        Ready(0, pool);
        var other = Arrive("b", concurrency: 1, pool);
        _now += Turns.Length / 2;
        var second = Arrive("a", concurrency: 2, pool); // its turn is not over
        Assert.Equal((0L, second), Leases[^1]);
        Free(0, first, pool);
        _now += Turns.Length;

        Arrive("a", concurrency: 2, pool);

        Assert.Equal((0L, second), Leases[^1]);
        Free(0, second, pool);
        Perform(pool.Tick(_now += Turns.Length));
        Assert.Contains(new SendClose(0), _effects);
        Perform(pool.Lost(0, _now));
        Ready(1, pool);
        Assert.Equal((1L, other), Leases[^1]);
    }

    [Fact]
    public void A_sandbox_that_retires_takes_no_more_runs_and_is_closed_after_its_last()
    {
        var first = Arrive("a", concurrency: 4);
        Ready(0);
        var second = Arrive("a", concurrency: 4);

        Perform(_state.Retired(0, _now));
        var third = Arrive("a", concurrency: 4);

        Assert.DoesNotContain((0L, third), Leases);
        Assert.Equal([0, 1], Started);
        Free(0, first);
        Assert.DoesNotContain(new SendClose(0), _effects);
        Free(0, second);
        Assert.Contains(new SendClose(0), _effects);
    }

    [Fact]
    public void When_it_ends_all_its_runs_are_answered()
    {
        var runs = Enumerable.Range(0, 3).Select(_ => Arrive("a", concurrency: 4)).ToList();
        Ready(0);
        Perform(_state.Cancel(runs[1], _now));
        Assert.Equal([runs[1]], _effects.OfType<SendStop>().Select(stop => stop.Run.RunId));

        Perform(_state.Lost(0, _now));

        Assert.Equal(
            [(runs[0], Reason.Sandbox), (runs[1], Reason.Cancelled), (runs[2], Reason.Sandbox)],
            _effects.OfType<SendReply>().Select(reply => (reply.Run.RunId, ((RunEnded)reply.Reply).Outcome.Reason)));
        Assert.Empty(_state.Runs);
    }

    [Fact]
    public void A_drain_that_is_over_stops_all_its_runs_and_closes_it()
    {
        var runs = Enumerable.Range(0, 3).Select(_ => Arrive("a", concurrency: 4)).ToList();
        Ready(0);

        Perform(_state.Drain(TimeSpan.Zero, _now));

        Assert.Equal(runs, _effects.OfType<SendStop>().Select(stop => stop.Run.RunId));
        Assert.Contains(new SendClose(0), _effects);
        Perform(_state.Lost(0, _now));
        Assert.Contains(new AnnounceDrained(), _effects);
    }

    [Fact]
    public void Runs_beyond_the_seats_wait_and_get_another_sandbox_where_that_is_sooner()
    {
        var runs = Enumerable.Range(0, 3).Select(_ => Arrive("a", concurrency: 2)).ToList();
        Assert.Equal([0, 1], Started);
        Ready(0);
        Assert.Equal([(0L, runs[0]), (0L, runs[1])], Leases);
        Ready(1);
        Assert.Equal((1L, runs[2]), Leases[^1]);

        var fourth = Arrive("a", concurrency: 2);

        Assert.Equal((1L, fourth), Leases[^1]);
    }

    private static PoolState Pool(int sandboxes, int running) => new(
        new PoolOptions(
            running, sandboxes, long.MaxValue, 0, 0, 0, 1 << 30, 100, 10, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)));

    private IEnumerable<long> Started => _effects.OfType<StartSandbox>().Select(start => start.Sandbox);

    private List<(long Sandbox, string RunId)> Leases =>
        [.. _effects.OfType<SendLease>().Select(lease => (lease.Sandbox, lease.Run.RunId))];

    private string Arrive(string path, int concurrency, PoolState? pool = null)
    {
        var run = new Run(
            $"call-{_calls++}",
            path,
            ScriptCode.Of(Language.JavaScript, path),
            RunMode.Execute,
            Isolation.Shared,
            "{}"u8.ToArray(),
            Stream: false,
            Version: 1,
            Concurrency: concurrency);
        Perform((pool ?? _state).Arrive(new PooledRun(run, new FirstReply(ActorRefs.Nobody, s_path)), _now));
        return run.RunId;
    }

    private void Ready(long sandbox, PoolState? pool = null) => Perform((pool ?? _state).Ready(sandbox, 0, _now));

    private void Free(long sandbox, string run, PoolState? pool = null) =>
        Perform((pool ?? _state).Free(sandbox, run, TimeSpan.FromMilliseconds(1), 0, _now));

    private void Perform(IReadOnlyList<PoolEffect> effects) => _effects.AddRange(effects);
}
