namespace Faas.Client;

/// <summary>The sandboxes and runs of a server at one moment.</summary>
/// <param name="Counts">In numbers.</param>
/// <param name="Sandboxes">The living sandboxes, the oldest first.</param>
/// <param name="Runs">The runs that wait or are executed, the oldest first.</param>
public sealed record PoolSnapshot(PoolCounts Counts, IReadOnlyList<PoolSandbox> Sandboxes, IReadOnlyList<PoolRun> Runs)
{
    /// <summary>Before the first event.</summary>
    public static PoolSnapshot Empty { get; } = new(new PoolCounts(0, 0, 0, 0, 0, 0, 0), [], []);

    /// <summary>The pool after an event; one that a later server sends, and that is not known here, changes nothing.</summary>
    public PoolSnapshot After(PoolEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened switch
        {
            { Event: "pool", Pool: { } pool } => pool,
            { Event: "sandbox", Sandbox: { } sandbox } => this with { Sandboxes = With(Sandboxes, sandbox, one => one.Name) },
            { Event: "sandbox_gone" } => this with { Sandboxes = [.. Sandboxes.Where(one => one.Name != happened.Name)] },
            { Event: "run", Run: { } run } => this with { Runs = With(Runs, run, one => one.Id) },
            { Event: "run_gone" } => this with { Runs = [.. Runs.Where(one => one.Id != happened.Name)] },
            { Event: "counts", Counts: { } counts } => this with { Counts = counts },
            _ => this,
        };
    }

    // What has changed keeps its place, so that a table does not jump.
    private static IReadOnlyList<T> With<T>(IReadOnlyList<T> all, T changed, Func<T, string> name) =>
        all.Any(one => name(one) == name(changed))
            ? [.. all.Select(one => name(one) == name(changed) ? changed : one)]
            : [.. all, changed];
}

/// <summary>The pool in numbers.</summary>
/// <param name="Starting">Sandboxes whose runtime is not up yet.</param>
/// <param name="Spare">Ready, bound to nothing.</param>
/// <param name="Idle">Bound, without a run.</param>
/// <param name="Busy">With a run.</param>
/// <param name="Waiting">Runs in the queue.</param>
/// <param name="HeldBytes">Memory that sandboxes and their mothers hold.</param>
/// <param name="MemoryBytes">Memory that they may hold.</param>
public sealed record PoolCounts(int Starting, int Spare, int Idle, int Busy, int Waiting, long HeldBytes, long MemoryBytes);

/// <summary>One sandbox.</summary>
/// <param name="Name">Its name in the server's log.</param>
/// <param name="Image">What it was started as: <c>node</c> or <c>python</c>, and the key that it is for.</param>
/// <param name="State"><c>starting</c>, <c>spare</c>, <c>busy</c>, <c>idle</c> or <c>closing</c>.</param>
/// <param name="Since">Since when it is that.</param>
/// <param name="MemoryBytes">The memory that it holds, as far as it is measured.</param>
/// <param name="Uses">How many runs it has got.</param>
/// <param name="Runs">How many runs it executes.</param>
public sealed record PoolSandbox(string Name, string Image, string State, DateTimeOffset Since, long MemoryBytes, long Uses, int Runs)
{
    /// <summary>The script whose run it got last, or <c>/run-now</c>; null: it got none.</summary>
    public string? Path { get; init; }

    /// <summary>The version of that script; null: the code is not stored.</summary>
    public long? Version { get; init; }
}

/// <summary>One run.</summary>
/// <param name="Id">Its name: the call's id, and a number.</param>
/// <param name="Path">The script, or <c>/run-now</c>.</param>
/// <param name="Mode"><c>execute</c>, or <c>check</c>: the code of an upload is compiled.</param>
/// <param name="Since">When it began to wait, or a sandbox got it.</param>
public sealed record PoolRun(string Id, string Path, string Mode, DateTimeOffset Since)
{
    /// <summary>The version; null: the code is not stored.</summary>
    public long? Version { get; init; }

    /// <summary>The sandbox that executes it; null: it waits.</summary>
    public string? Sandbox { get; init; }
}

/// <summary>A change of the pool.</summary>
/// <param name="Event"><c>pool</c>, <c>sandbox</c>, <c>sandbox_gone</c>, <c>run</c>, <c>run_gone</c> or <c>counts</c>.</param>
public sealed record PoolEvent(string Event)
{
    /// <summary>Of <c>pool</c>, the first: everything.</summary>
    public PoolSnapshot? Pool { get; init; }

    /// <summary>Of <c>sandbox</c>: it is new, or has changed.</summary>
    public PoolSandbox? Sandbox { get; init; }

    /// <summary>Of <c>run</c>: it is new, or has changed.</summary>
    public PoolRun? Run { get; init; }

    /// <summary>Of <c>counts</c>: the numbers, which have changed.</summary>
    public PoolCounts? Counts { get; init; }

    /// <summary>Of <c>sandbox_gone</c> and <c>run_gone</c>: the sandbox's name, or the run's id.</summary>
    public string? Name { get; init; }
}
