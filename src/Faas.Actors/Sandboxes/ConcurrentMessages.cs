using Akka.Actor;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;

namespace Faas.Actors.Sandboxes;

/// <summary>Reader to actor: the run is over.</summary>
internal sealed record RunDone(ConcurrentRun Run, RunReport Report) : INoSerializationVerificationNeeded;

/// <summary>Reader to actor: the run has passed a limit, and nothing more of it is read.</summary>
internal sealed record RunOverLimit(ConcurrentRun Run, string OverLimit) : INoSerializationVerificationNeeded;

/// <summary>Reader to actor: the process has heard that a run is cancelled, so it turns its event loop.</summary>
internal sealed record CancelHeard : INoSerializationVerificationNeeded
{
    /// <summary>The only instance.</summary>
    public static CancelHeard Instance { get; } = new();
}

/// <summary>Reader to actor: nothing more comes from the process.</summary>
/// <param name="End">How the process ended; null: the zygote did not tell.</param>
/// <param name="Fault">Why no END came, in one line; null: it came.</param>
/// <param name="LeftOver">The end of what the process has printed that belongs to no run.</param>
internal sealed record ProcessEnded(EndFrame? End, string? Fault, ByteTail LeftOver) : INoSerializationVerificationNeeded;
