using Akka.Actor;

namespace Faas.Actors.Runs.Reply;

/// <summary>The run is over; it did not stream.</summary>
public sealed record RunEnded(string RunId, Outcome Outcome) : IRunReply, INoSerializationVerificationNeeded;
