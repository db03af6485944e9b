using Akka.Actor;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool;

/// <summary>Asks the pool to execute a run. The sender gets exactly one <see cref="IRunReply"/>.</summary>
/// <remarks>
/// The run id must be unique among runs that have not ended; another run of the same id ends with reason <c>sandbox</c>.
/// A caller that gives up (a timeout, a client that left) sends <see cref="CancelRun"/>; else the run goes on without it.
/// </remarks>
/// <param name="Run">What to run.</param>
/// <param name="Record">Where pool and sandbox note what becomes of it; null: nowhere.</param>
public sealed record SubmitRun(Run Run, RunRecord? Record = null) : INoSerializationVerificationNeeded;

/// <summary>
/// The caller no longer wants a reply. A waiting run leaves the queue; a run that is executed is killed (outcome
/// <c>cancelled</c>).
/// </summary>
public sealed record CancelRun(string RunId);

/// <summary>
/// A version is now the latest of its path. <see cref="Run.MinWarm"/> of its sandboxes stay bound; those of the version before are let go.
/// </summary>
/// <param name="Run">An example of a run of the version; it is not executed.</param>
public sealed record KeepWarm(Run Run) : INoSerializationVerificationNeeded;

/// <summary>A script is called no more: none of its sandboxes is to stay bound, until a call of it says so anew.</summary>
/// <param name="Path">The script.</param>
public sealed record LetGo(string Path) : INoSerializationVerificationNeeded;

/// <summary>
/// Accept no more runs, serve the accepted ones for at most <paramref name="Within"/>, then stop them. The reply is
/// <see cref="PoolDrained"/>, once every sandbox is dead.
/// </summary>
public sealed record DrainPool(TimeSpan Within);

/// <summary>
/// The same, but <see cref="ResumePool"/> ends it. The reply is <see cref="PoolDrained"/>, or <see cref="PoolResumed"/> if that came first.
/// </summary>
public sealed record DrainUntilResumed(TimeSpan Within) : INoSerializationVerificationNeeded;

/// <summary>Accept runs again after <see cref="DrainUntilResumed"/>. The reply is <see cref="PoolResumed"/>.</summary>
public sealed record ResumePool : INoSerializationVerificationNeeded
{
    /// <summary>The only instance.</summary>
    public static ResumePool Instance { get; } = new();
}

/// <summary>A drain was asked to end.</summary>
/// <param name="IsAccepting">False: the pool was asked for a drain that never ends, because its server stops.</param>
public sealed record PoolResumed(bool IsAccepting) : INoSerializationVerificationNeeded;

/// <summary>Other settings are in force from now on. The reply is <see cref="PoolChanged"/>.</summary>
public sealed record ChangePool(PoolOptions Options) : INoSerializationVerificationNeeded;

/// <summary>The pool works by the new settings.</summary>
public sealed record PoolChanged : INoSerializationVerificationNeeded
{
    /// <summary>The only instance.</summary>
    public static PoolChanged Instance { get; } = new();
}

/// <summary>No sandbox is left.</summary>
public sealed record PoolDrained
{
    /// <summary>The only instance.</summary>
    public static PoolDrained Instance { get; } = new();
}

/// <summary>Asks the pool for a <see cref="PoolStatus"/>.</summary>
public sealed record GetPoolStatus
{
    /// <summary>The only instance.</summary>
    public static GetPoolStatus Instance { get; } = new();
}

/// <summary>Asks the pool for a <see cref="PoolView"/>.</summary>
public sealed record GetPoolView : INoSerializationVerificationNeeded
{
    /// <summary>The only instance.</summary>
    public static GetPoolView Instance { get; } = new();
}

/// <summary>
/// Asks the pool which sandboxes and permits it has for a run, without submitting the run. The reply is a <see cref="PoolPlace"/>.
/// </summary>
/// <param name="Run">The run.</param>
public sealed record LookForPlace(Run Run) : INoSerializationVerificationNeeded;

/// <summary>Asks the pool for a <see cref="PoolDigest"/>.</summary>
public sealed record GetPoolDigest : INoSerializationVerificationNeeded
{
    /// <summary>The only instance.</summary>
    public static GetPoolDigest Instance { get; } = new();
}
