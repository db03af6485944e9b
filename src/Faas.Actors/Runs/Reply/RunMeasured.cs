using Akka.Actor;

namespace Faas.Actors.Runs.Reply;

/// <summary>
/// What a run has cost. Sent after the reply of a run whose value was replied before its processes had ended; a caller may ignore it.
/// </summary>
public sealed record RunMeasured(string RunId, Usage Usage) : INoSerializationVerificationNeeded;
