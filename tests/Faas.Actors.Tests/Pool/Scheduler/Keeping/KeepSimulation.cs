using Faas.Actors.Pool.Scheduler;

namespace Faas.Actors.Tests.Pool.Scheduler.Keeping;

/// <summary>What a policy did with a trace.</summary>
/// <param name="Starts">How many sandboxes were started.</param>
/// <param name="Cost">What their starts cost together.</param>
internal readonly record struct Kept(int Starts, TimeSpan Cost);

/// <summary>
/// Plays a trace of calls against a budget of memory. A sandbox serves one script and stays until it is closed to make room, so each
/// call finds the sandbox of its script, or has one started.
/// </summary>
internal sealed class KeepSimulation(CallTrace trace, long budget)
{
    private readonly Dictionary<int, Sandbox> _alive = [];
    private readonly int[] _next = NextUses(trace);
    private long _held;
    private int _starts;
    private TimeSpan _cost;

    /// <summary>Closes the sandbox that was not used for longest.</summary>
    public Kept LeastRecentlyUsed() => Play((sandbox, _) => sandbox.LastUse);

    /// <summary>Closes the sandbox that is worth least: the policy of the pool.</summary>
    public Kept LeastWorth() => Play(new GreedyDual(), []);

    /// <summary>The same, but a script's uses are remembered when its sandbox is closed.</summary>
    public Kept LeastWorthWithMemory() => Play(new GreedyDual(), new long[trace.Scripts.Count]);

    /// <summary>Knows the future: closes the sandbox whose script is called last (Belady), or whose memory is dearest until then.</summary>
    public Kept Foreseen()
    {
        var last = Play((sandbox, _) => -sandbox.NextUse);
        var dearest = new KeepSimulation(trace, budget).Play((sandbox, now) => -(double)(sandbox.NextUse - now)
            * trace.Scripts[sandbox.Script].Bytes / trace.Scripts[sandbox.Script].Start.Ticks);
        return last.Cost < dearest.Cost ? last : dearest;
    }

    private static int[] NextUses(CallTrace trace)
    {
        var next = new int[trace.Calls.Count];
        var later = new int[trace.Scripts.Count];
        Array.Fill(later, 2 * trace.Calls.Count);
        for (var call = next.Length - 1; call >= 0; call--)
        {
            (next[call], later[trace.Calls[call].Script]) = (later[trace.Calls[call].Script], call);
        }

        return next;
    }

    private Kept Play(GreedyDual worth, long[] uses)
    {
        return Play(
            (sandbox, _) => sandbox.Worth,
            sandbox =>
            {
                var used = uses.Length == 0 ? sandbox.Uses : ++uses[sandbox.Script];
                sandbox.Worth = worth.WorthOf(used, trace.Scripts[sandbox.Script].Start, trace.Scripts[sandbox.Script].Bytes);
            },
            sandbox => worth.Closed(sandbox.Worth));
    }

    private Kept Play(Func<Sandbox, int, double> keep, Action<Sandbox>? used = null, Action<Sandbox>? closed = null)
    {
        for (var call = 0; call < trace.Calls.Count; call++)
        {
            var script = trace.Calls[call].Script;
            if (!_alive.TryGetValue(script, out var sandbox))
            {
                _starts++;
                _cost += trace.Scripts[script].Start;
                _held += trace.Scripts[script].Bytes;
                while (_held > budget)
                {
                    var victim = _alive.Values.MinBy(other => keep(other, call))!;
                    closed?.Invoke(victim);
                    _alive.Remove(victim.Script);
                    _held -= trace.Scripts[victim.Script].Bytes;
                }

                _alive.Add(script, sandbox = new Sandbox(script));
            }

            sandbox.Uses++;
            (sandbox.LastUse, sandbox.NextUse) = (call, _next[call]);
            used?.Invoke(sandbox);
        }

        return new Kept(_starts, _cost);
    }

    private sealed class Sandbox(int script)
    {
        public int Script { get; } = script;

        public long Uses { get; set; }

        public int LastUse { get; set; }

        public int NextUse { get; set; }

        public double Worth { get; set; }
    }
}
