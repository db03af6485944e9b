using CsCheck;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Whatever happens, in whatever order: <see cref="PoolOnPaper"/> checks the pool's promises after each event.</summary>
public class PoolStateProperties
{
    private static readonly ImageKey s_node = new(Runtime.Node);
    private static readonly ImageKey s_python = new(Runtime.Python);

    private static readonly Gen<PoolSetup> s_pool = Gen.Select(
        Gen.Int[1, 5],
        Gen.Int[0, 2],
        Gen.Int[0, 2],
        Gen.Int[0, 6],
        Gen.Int[0, 4],
        Gen.Int[1, 5],
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 4]),
        (size, node, python, queue, most, starts, more) =>
            new PoolSetup(size + more.Item2, size, Math.Min(node, size), Math.Min(python, size), queue, most, starts, more.Item1));

    private static readonly Gen<(int Kind, int A, int B)[]> s_events = Gen.Select(
        Gen.Int[0, 99], Gen.Int[0, 9999], Gen.Int[0, 9999]).Array[1, 150];

    [Fact]
    public void Every_call_is_answered_once_and_no_promise_is_broken_while_sandboxes_start_well() =>
        Gen.Select(s_pool, s_events).Sample((pool, events) => Live(pool, events, disasters: false), iter: 3000);

    [Fact]
    public void Every_call_is_answered_once_when_sandboxes_fail_to_start_and_die_at_any_moment() =>
        Gen.Select(s_pool, s_events).Sample((pool, events) => Live(pool, events, disasters: true), iter: 3000);

    [Fact]
    public void Every_call_is_answered_once_however_much_memory_the_sandboxes_turn_out_to_hold() =>
        Gen.Select(s_pool, s_events, Gen.Long[1, 200]).Sample(
            (pool, events, memory) => Serve(Play(pool, events, disasters: false, memory: memory)), iter: 2000);

    [Fact]
    public void Every_call_is_answered_once_however_often_the_settings_change() =>
        Gen.Select(s_pool, s_events, Gen.Bool).Sample((setup, events, wishes) =>
        {
            var pool = Play(setup, events, disasters: false, wishes: wishes, changes: true);
            Serve(pool);
            pool.AllReady();
            pool.AllClosed();
            Assert.InRange(pool.Alive.Count, 0, pool.Size);
        }, iter: 3000);

    [Fact]
    public void A_drained_pool_is_empty_whatever_it_was_doing() =>
        Gen.Select(s_pool, s_events, Gen.Int[0, 5000]).Sample((setup, events, within) =>
        {
            var pool = Play(setup, events, disasters: true);
            pool.Drain(TimeSpan.FromMilliseconds(within));
            var late = pool.Invoke("late");
            Assert.Equal(RefusalReason.Draining, late.Refused);
            pool.AllClosed();
            pool.Pass(TimeSpan.FromMilliseconds(within));
            Assert.All(pool.Alive.Where(sandbox => sandbox.Stage == PaperStage.Busy), sandbox => Assert.True(sandbox.Call!.StopAsked));
            foreach (var sandbox in pool.Alive)
            {
                pool.Die(sandbox);
            }

            Assert.Empty(pool.Alive);
            Assert.Equal(1, pool.TimesGone);
            Assert.All(pool.Calls, call => Assert.Single(call.Answers));
        }, iter: 1000);

    [Fact]
    public void Images_that_are_not_configured_are_served_all_the_same_and_forgotten_in_the_end() =>
        Gen.Select(s_pool, s_events).Sample((setup, events) =>
        {
            var pool = Play(setup, events, disasters: false, images: []);
            Serve(pool);
            for (var round = 0; round < 3; round++)
            {
                pool.AllReady();
                pool.Pass(TimeSpan.FromMinutes(5));
                pool.AllClosed();
            }

            pool.Calls.Take(1).ToList().ForEach(pool.Cancel); // an image is forgotten at the next event, and this one changes nothing
            Assert.Equal((0, 0), (pool.Alive.Count, pool.Images));
        }, iter: 1000);

    [Fact]
    public void What_versions_wish_to_have_bound_is_bound_in_the_end_as_far_as_the_pool_allows() =>
        Gen.Select(s_pool, s_events, Gen.Bool).Sample((setup, events, disasters) =>
        {
            var pool = Play(setup with { Size = setup.Size + 6 }, events, disasters, wishes: true); // two spares of each image
            Serve(pool);
            for (var round = 0; round < 20; round++)
            {
                pool.AllReady();
                pool.AllClosed();
                pool.Pass(TimeSpan.FromSeconds(1)); // the pause after failed starts is shorter
            }

            Assert.True(
                !pool.CanKeepAll || pool.Wishes.All(wish => wish.Bound >= wish.Wished),
                $"{string.Join(", ", pool.Wishes)} of {string.Join("; ", pool.Alive)}");
        }, iter: 2000);

    private static void Live(PoolSetup setup, (int, int, int)[] events, bool disasters) => Serve(Play(setup, events, disasters));

    private static void Serve(PoolOnPaper pool)
    {
        // No more arrives: what waits is served to the end, unless it waits for a start that never works.
        for (var round = 0; round < 1000 && pool.Calls.Any(call => call.Answers.Count == 0); round++)
        {
            pool.AllClosed();
            pool.AllReady();
            pool.Skip(Turns.Grace);
            pool.Pass(TimeSpan.Zero);
            foreach (var call in pool.Calls.Where(call => call.Running).ToList())
            {
                pool.Finish(call, TimeSpan.FromMilliseconds(5));
            }
        }

        Assert.All(pool.Calls, call => Assert.Single(call.Answers));
        Assert.Equal((0, 0), (pool.Status.Waiting, pool.Status.Busy));
    }

    private static PoolOnPaper Play(
        PoolSetup setup,
        (int, int, int)[] events,
        bool disasters,
        IReadOnlyList<(ImageKey Image, int Spares)>? images = null,
        long? memory = null,
        bool wishes = false,
        bool changes = false)
    {
        var (timeout, ttl) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        var pool = new PoolOnPaper(
            setup.Size, setup.Running, memory << 20 ?? long.MaxValue, setup.Node, setup.Python, setup.Queue, timeout, ttl, setup.MaxSpares,
            starts: setup.Starts,
            processors: setup.Processors,
            images: images ?? [(s_node, setup.Node), (s_python, setup.Python), (s_python with { Libraries = "data" }, setup.Node)]);
        foreach (var (kind, a, b) in events)
        {
            Happen(pool, kind, a, b, disasters, wishes, changes);
        }

        return pool;
    }

    private static void Happen(PoolOnPaper pool, int kind, int a, int b, bool disasters, bool wishes, bool changes)
    {
        PaperSandbox? Pick(Func<PaperSandbox, bool> which) =>
            pool.Alive.Where(which).ToList() is { Count: > 0 } some ? some[a % some.Count] : null;
        var (path, code, language) = ($"path-{a % 4}", $"code-{b % 3}", (Language)(b / 3 % 3));
        var isolation = (b / 9 % 4) switch { 0 => Isolation.Sandbox, 1 => Isolation.Shared, _ => Isolation.Process };
        var image = language == Language.Python && a / 64 % 3 == 0 ? "data" : null;
        int? minWarm = wishes && b / 36 % 3 > 0 ? a / 4 % 3 : null;
        switch (kind)
        {
            case < 4 when wishes:
                pool.KeepWarm(a / 4 % 3, path, code, language, isolation);
                break;
            case < 40:
                pool.Invoke(path, code, language, isolation, minWarm: minWarm, image: image);
                break;
            case < 60 when Pick(sandbox => sandbox.Call is not null) is { } busy:
                pool.Finish(busy.Call!, TimeSpan.FromMilliseconds(b % 200), (long)(a % 40) << 20);
                break;
            case < 72 when Pick(sandbox => sandbox.Stage == PaperStage.Starting) is { } starting:
                pool.Ready(starting, (long)(b % 40) << 20);
                break;
            case < 82 when Pick(sandbox => sandbox.Stage == PaperStage.Closing) is { } closing:
                pool.Die(closing);
                break;
            case < 88 when pool.Calls.Count > 0:
                pool.Cancel(pool.Calls[a % pool.Calls.Count]);
                break;
            case < 92:
                pool.Pass(TimeSpan.FromMilliseconds(b % 3000));
                break;
            case < 94:
                pool.Skip(TimeSpan.FromMilliseconds(b % 500));
                break;
            case < 97 when changes:
                pool.Change(options => options with
                {
                    Sandboxes = 1 + (a % 6),
                    Running = 1 + (a / 6 % 6),
                    Queue = b % 7,
                    SpareNode = b / 7 % 3,
                    SparePython = b / 21 % 3,
                    Starts = 1 + (b / 63 % 5),
                });
                break;
            case < 97 when disasters && Pick(sandbox => sandbox.Stage == PaperStage.Starting) is { } starting:
                pool.FailStart(starting);
                break;
            case >= 97 when disasters && Pick(_ => true) is { } any:
                pool.Die(any);
                break;
            default:
                break;
        }
    }

    private sealed record PoolSetup(int Size, int Running, int Node, int Python, int Queue, int MaxSpares, int Starts, int Processors);
}
