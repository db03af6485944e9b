using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>Something that <see cref="PoolState"/> has decided and the pool's actor must now do, in the order given.</summary>
public abstract record PoolEffect;

/// <summary>Start a sandbox and report under this number what becomes of it.</summary>
public sealed record StartSandbox(long Sandbox, Runtime Runtime) : PoolEffect;

/// <summary>Give the call to the sandbox.</summary>
public sealed record DispatchCall(long Sandbox, PooledRun Call, Warmth Warmth) : PoolEffect;

/// <summary>Tell the sandbox to kill its call.</summary>
public sealed record StopCall(long Sandbox, PooledRun Call) : PoolEffect;

/// <summary>Tell the sandbox to end.</summary>
public sealed record CloseUnneeded(long Sandbox) : PoolEffect;

/// <summary>Answer the call, unless its sandbox has.</summary>
public sealed record AnswerCall(PooledRun Call, IRunReply Reply) : PoolEffect;

/// <summary>A sandbox that served nobody ended unasked: worth a line in the log.</summary>
public sealed record SandboxVanished(long Sandbox, Runtime Runtime) : PoolEffect;

/// <summary>The pool is drained: no sandbox is left.</summary>
public sealed record AllGone : PoolEffect;
