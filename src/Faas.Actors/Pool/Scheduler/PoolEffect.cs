using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Something that <see cref="PoolState"/> has decided. The pool's actor performs the effects in the order given.</summary>
public abstract record PoolEffect;

/// <summary>Start a sandbox of this image. What becomes of it is reported to the state under this number.</summary>
public sealed record StartSandbox(long Sandbox, ImageKey Image) : PoolEffect;

/// <summary>Give the run to the sandbox.</summary>
public sealed record SendLease(long Sandbox, PooledRun Run, Warmth Warmth) : PoolEffect;

/// <summary>Bind the sandbox to what this run would bind it to, without a run.</summary>
public sealed record SendBind(long Sandbox, Run Run) : PoolEffect;

/// <summary>Tell the sandbox to kill its run.</summary>
public sealed record SendStop(long Sandbox, PooledRun Run) : PoolEffect;

/// <summary>Tell the sandbox to end.</summary>
public sealed record SendClose(long Sandbox) : PoolEffect;

/// <summary>Reply to the run's caller, unless a sandbox has done that already.</summary>
public sealed record SendReply(PooledRun Run, IRunReply Reply) : PoolEffect;

/// <summary>Write to the log that a sandbox ended unasked while it ran nothing.</summary>
public sealed record LogVanished(long Sandbox, ImageKey Image) : PoolEffect;

/// <summary>Tell those who asked for the drain that no sandbox is left.</summary>
public sealed record AnnounceDrained : PoolEffect;
