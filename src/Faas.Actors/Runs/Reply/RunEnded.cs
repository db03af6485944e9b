using Akka.Actor;

namespace Faas.Actors.Runs.Reply;

/// <summary>A non-streaming run is over.</summary>
public sealed record RunEnded(string RunId, Outcome Outcome) : IRunReply, INoSerializationVerificationNeeded;
