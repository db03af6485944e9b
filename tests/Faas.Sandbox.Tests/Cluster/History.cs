namespace Faas.Sandbox.Tests.Cluster;

/// <summary>
/// What callers did to one script or alias, and what they saw.
/// <para>
/// Theory of operation. One caller uploads, each time a greater number, and begins an upload when the one before has been answered. To move
/// an alias counts as an upload of its version's number. So the script is a register whose value only grows, and its history is
/// linearizable (Herlihy and Wing, 1990) exactly if no operation sees less than what was seen, or acknowledged, before it began, and
/// nothing that was not uploaded before it ended. Whether an upload that was not acknowledged took effect is open, until a caller sees its
/// number.
/// </para>
/// </summary>
internal sealed class History
{
    private readonly Lock _lock = new();
    private readonly List<Operation> _seen = [];
    private readonly Dictionary<long, long> _begun = [];

    /// <summary>How many reads have seen a number.</summary>
    public int Reads
    {
        get
        {
            lock (_lock)
            {
                return _seen.Count(operation => !operation.IsUpload);
            }
        }
    }

    /// <summary>An upload of a number begins.</summary>
    public void Begin(long number, long at)
    {
        lock (_lock)
        {
            _begun.Add(number, at);
        }
    }

    /// <summary>The upload of a number was acknowledged.</summary>
    public void Acknowledge(long number, long at)
    {
        lock (_lock)
        {
            _seen.Add(new Operation(IsUpload: true, number, _begun[number], at));
        }
    }

    /// <summary>A call has returned a number.</summary>
    public void Read(long number, long begun, long ended)
    {
        lock (_lock)
        {
            _seen.Add(new Operation(IsUpload: false, number, begun, ended));
        }
    }

    /// <summary>Each operation that no order of all of them explains, in words.</summary>
    public IReadOnlyList<string> Violations()
    {
        lock (_lock)
        {
            var byEnd = _seen.OrderBy(operation => operation.Ended).ToList();
            var most = new List<long>(byEnd.Count);
            foreach (var operation in byEnd)
            {
                most.Add(Math.Max(operation.Number, most.Count == 0 ? long.MinValue : most[^1]));
            }

            return [.. _seen.Where(operation => !operation.IsUpload).Select(read => Violation(read, byEnd, most)).OfType<string>()];
        }
    }

    private string? Violation(Operation read, List<Operation> byEnd, List<long> most)
    {
        if (!_begun.TryGetValue(read.Number, out var begun) || begun > read.Ended)
        {
            return $"A call that ended at {read.Ended} returned {read.Number}, which was not uploaded before.";
        }

        var before = CountEndedBefore(read.Begun, byEnd);
        return before > 0 && most[before - 1] > read.Number
            ? $"A call that began at {read.Begun} returned {read.Number}, though {most[before - 1]} had been seen or acknowledged."
            : null;
    }

    private static int CountEndedBefore(long at, List<Operation> byEnd)
    {
        var (low, high) = (0, byEnd.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = byEnd[middle].Ended < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private sealed record Operation(bool IsUpload, long Number, long Begun, long Ended);
}
