using Akka.Actor;

namespace Faas.Actors.Runs.Reply;

/// <summary>The run is over; it did not stream.</summary>
public sealed record RunEnded(string RunId, Outcome Outcome) : IRunReply, INoSerializationVerificationNeeded
{
    /// <summary>Whether <see cref="RunMeasured"/> follows, because the value is replied before the run's processes have ended.</summary>
    public bool CostFollows { get; init; }
}
