using System.Diagnostics;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Rounds;

// Theory of operation. The machine is shared and its speed changes from second to second. So the ways take turns, short
// ones, in an order that shifts by one each round: whatever slows the machine down hits all of them alike, and a ratio
// between two of them holds although neither figure would. Memory is looked at during the warm-up alone, since the look
// (smaps_rollup) holds the lock that fork needs.

/// <summary>Measures one function in all ways side by side.</summary>
internal sealed class Contest(RoundPlan plan, CancellationToken stop)
{
    /// <summary>One cell for each way that serves this.</summary>
    public IReadOnlyList<Cell> Run(Workload workload, int callers, IReadOnlyList<Way> ways)
    {
        var begun = Stopwatch.GetTimestamp();
        var entries = new List<Entry>();
        try
        {
            foreach (var way in ways.Where(way => way.Serves(workload, callers)))
            {
                var present = plan.CallersOf(way.IsSlow, callers);
                entries.Add(new Entry(way, way.Open(workload, present), new Cell(way.Name, workload, callers, present)));
            }

            entries.ForEach(WarmUp);
            TakeTurns(entries, begun, Closed);
            TakeTurns(entries.FindAll(entry => plan.HasOpenTurns(entry.Way.HasSpares)), begun, Open);
        }
        finally
        {
            entries.SelectMany(entry => entry.Callers).ToList().ForEach(caller => caller.Dispose());
        }

        return [.. entries.Select(entry => entry.Cell)];
    }

    private void TakeTurns(List<Entry> entries, long begun, Action<Entry> turn)
    {
        for (var round = 0; round < plan.Rounds && (round == 0 || Stopwatch.GetElapsedTime(begun) < plan.Budget); round++)
        {
            for (var index = 0; index < entries.Count; index++)
            {
                var entry = entries[(index + round) % entries.Count];
                if (RoundPlan.TakesPart(entry.Way.IsSlow, round))
                {
                    stop.ThrowIfCancellationRequested();
                    turn(entry);
                }
            }
        }
    }

    private void WarmUp(Entry entry)
    {
        stop.ThrowIfCancellationRequested();
        if (plan.IsShort && (entry.Way.IsSlow || plan.WarmUp == TimeSpan.Zero))
        {
            return; // a short run has no time for a long call that does not count
        }

        var duration = entry.Way.IsSlow ? TimeSpan.Zero : plan.WarmUp;
        entry.Cell.PeakBytes = Memory.PeakWhile(entry.Way.Usage, () => entry.Cell.AddErrors(LoadGenerator.Closed(entry.Callers, duration)));
        entry.Way.Rest(stop);
    }

    private void Closed(Entry entry)
    {
        var before = entry.Way.Usage.Cpu;
        var slice = LoadGenerator.Closed(entry.Callers, plan.Closed);
        entry.Way.Rest(stop);
        entry.Cell.AddClosed(slice, entry.Way.Usage.Cpu - before);
    }

    private void Open(Entry entry)
    {
        var rate = entry.Cell.PerSecond * RoundPlan.OpenShare;
        if (rate > 0)
        {
            entry.Cell.OpenRate = rate;
            entry.Cell.AddOpen(LoadGenerator.Open(entry.Callers, new ArrivalSchedule(rate, plan.Open)));
            entry.Way.Rest(stop);
        }
    }

    private sealed record Entry(Way Way, IReadOnlyList<Caller> Callers, Cell Cell);
}
