using CsCheck;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Pool.Scheduler;

/// <summary>Simulated days of a pool under a flood: nobody starves, nobody's order changes, and warmth is not thrown away.</summary>
public class PoolStateFairnessTests
{
    private static readonly TimeSpan s_start = TimeSpan.FromMilliseconds(60);

    [Fact]
    public void A_flood_of_one_script_neither_refuses_nor_starves_callers_of_others() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 8], Gen.Int[1, 30], Gen.Int[0, 2], Gen.Int[0, 8]).Sample(
            (size, others, service, isolated, more) =>
        {
            var simulation = new Simulation(size, queue: 20, sandboxes: size + more);
            for (var other = 0; other < others; other++)
            {
                simulation.CallInALoop($"other-{other}", service, other < isolated ? Isolation.Sandbox : Isolation.Process);
            }

            simulation.Flood("flood", service);
            simulation.Run(TimeSpan.FromSeconds(3));

            // All lanes before it have a turn, each with a start and a call on both its ends.
            var round = Turns.Length + s_start + TimeSpan.FromMilliseconds(2 * service) + Turns.Grace;
            var longest = round * (((others + 1) / size) + 2);
            var theirs = simulation.Pool.Calls.Where(call => call.Run.Queue != "flood").ToList();
            Assert.All(theirs, call => Assert.Null(call.Refused));
            Assert.All(theirs.Where(call => call.Sandbox is not null), call => Assert.InRange(call.Waited, TimeSpan.Zero, longest));
            Assert.All(
                simulation.Pool.Waiting.Where(call => call.Run.Queue != "flood"),
                call => Assert.InRange(simulation.Pool.Now - call.Arrived, TimeSpan.Zero, longest));
        }, iter: 25);

    [Fact]
    public void More_steady_scripts_than_sandboxes_take_turns_and_most_of_their_calls_stay_warm()
    {
        var simulation = new Simulation(size: 4, queue: 64);
        for (var script = 0; script < 8; script++)
        {
            simulation.CallInALoop($"script-{script}", 3, Isolation.Process);
        }

        simulation.Run(TimeSpan.FromSeconds(10));

        var served = simulation.Pool.Calls.Where(call => call.Answer is not null)
            .GroupBy(call => call.Run.Queue)
            .Select(path => path.Count())
            .ToList();
        Assert.Equal(8, served.Count);
        Assert.InRange(served.Max(), served.Min(), served.Min() * 2);
        Assert.InRange(simulation.Pool.Started, 1, served.Sum() / 25);
    }

    [Fact]
    public void Where_all_scripts_are_warm_their_callers_take_turns_run_by_run_and_none_is_closed()
    {
        var simulation = new Simulation(size: 2, queue: 64, sandboxes: 10);
        for (var script = 0; script < 8; script++)
        {
            simulation.CallInALoop($"script-{script}", 3, Isolation.Process);
        }

        var begun = simulation.Pool.Now;
        simulation.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(8, simulation.Pool.Started);
        Assert.All(
            simulation.Pool.Calls.Where(call => call.Warmth is not null && call.Arrived > begun + TimeSpan.FromSeconds(1)),
            call => Assert.InRange(call.Waited, TimeSpan.Zero, TimeSpan.FromMilliseconds(40)));
    }

    /// <summary>A pool on paper whose sandboxes take their time: one step a millisecond.</summary>
    private sealed class Simulation(int size, int queue, int? sandboxes = null)
    {
        private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1);

        private readonly List<(string Path, int Service, Isolation Isolation)> _loops = [];
        private readonly Dictionary<string, PaperCall> _last = [];
        private readonly Dictionary<PaperSandbox, TimeSpan> _since = [];
        private (string Path, int Service)? _flood;

        public PoolOnPaper Pool { get; } = new(sandboxes ?? size, running: size, queue: queue);

        public void CallInALoop(string path, int service, Isolation isolation) => _loops.Add((path, service, isolation));

        public void Flood(string path, int service) => _flood = (path, service);

        public void Run(TimeSpan time)
        {
            for (var end = Pool.Now + time; Pool.Now < end; Pool.Pass(s_step))
            {
                Step();
            }
        }

        private void Step()
        {
            foreach (var sandbox in Pool.Alive)
            {
                var since = _since.TryAdd(sandbox, Pool.Now) ? Pool.Now : _since[sandbox];
                switch (sandbox.Stage)
                {
                    case PaperStage.Starting when Pool.Now - since >= s_start:
                        Pool.Ready(sandbox);
                        break;
                    case PaperStage.Busy when sandbox.Call is { } call && Pool.Now - call.Dispatched >= ServiceOf(call):
                        Pool.Finish(call);
                        break;
                    case PaperStage.Closing:
                        Pool.Die(sandbox);
                        break;
                    default:
                        break;
                }
            }

            if (_flood is { } flood)
            {
                Pool.Invoke(flood.Path);
            }

            foreach (var (path, _, isolation) in _loops)
            {
                if (!_last.TryGetValue(path, out var last) || last.Answer is not null)
                {
                    _last[path] = Pool.Invoke(path, isolation: isolation);
                }
            }
        }

        private TimeSpan ServiceOf(PaperCall call) => TimeSpan.FromMilliseconds(
            _loops.Where(loop => loop.Path == call.Run.Queue).Select(loop => loop.Service).FirstOrDefault(_flood?.Service ?? 1));
    }
}
