using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>One run on its way through the pool, from its arrival until its sandbox is done with it.</summary>
/// <param name="run">What to run.</param>
/// <param name="reply">Where the reply goes.</param>
/// <param name="record">Where it is noted what becomes of it; null: nowhere.</param>
public sealed class PooledRun(Run run, FirstReply reply, RunRecord? record = null)
{
    /// <summary>What to run.</summary>
    public Run Run { get; } = run;

    /// <summary>Where the reply goes.</summary>
    public FirstReply Reply { get; } = reply;

    /// <summary>Where it is noted what becomes of it; null: nowhere.</summary>
    public RunRecord? Record { get; } = record;

    /// <summary>The run's name.</summary>
    public string RunId => Run.RunId;

    /// <summary>What a sandbox must be bound to, to serve this run warm; null: it must not be bound at all.</summary>
    internal string? BindingKey { get; } = run.BindingKey;

    /// <summary>The image that it needs. Set when the pool accepts the run.</summary>
    internal PooledImage Image { get; private set; } = null!;

    /// <summary>When it arrived.</summary>
    internal TimeSpan Arrived { get; private set; }

    /// <summary>When a sandbox got it.</summary>
    internal TimeSpan Dispatched { get; private set; }

    /// <summary>How long it has waited for the sandbox that it got.</summary>
    internal TimeSpan Waited => Dispatched - Arrived;

    /// <summary>The sandbox that runs it; null: it waits.</summary>
    internal PooledSandbox? Sandbox { get; private set; }

    /// <summary>Whether its sandbox was told to kill it.</summary>
    internal bool IsStopped { get; private set; }

    /// <summary>Its places in the queue, kept by <see cref="RunQueue"/>; null while it does not wait.</summary>
    internal QueuePlaces? Places { get; set; }

    /// <summary>For an operator to look at.</summary>
    internal RunView View => new(
        RunId, Run.Queue, Run.Version, Run.Mode, Sandbox is null ? Arrived : Dispatched, Sandbox?.Name);

    /// <summary>The pool has accepted it.</summary>
    internal void Accept(PooledImage image, TimeSpan now) => (Image, Arrived) = (image, now);

    /// <summary>A sandbox has got it.</summary>
    internal void Dispatch(PooledSandbox sandbox, TimeSpan now) => (Sandbox, Dispatched) = (sandbox, now);

    /// <summary>Its sandbox was told to kill it.</summary>
    internal void Stop() => IsStopped = true;

    /// <summary>Its sandbox is done with it.</summary>
    internal void LeaveSandbox() => Sandbox = null;
}
