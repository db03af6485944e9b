using Akka.Actor;

namespace Faas.Actors.Runs.Reply;

/// <summary>The run did not start and will not.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Why">The reason.</param>
/// <param name="RetryAfter">When the pool will have room for the run; at least one second.</param>
public sealed record RunRefused(string RunId, RefusalReason Why, TimeSpan RetryAfter) : IRunReply, INoSerializationVerificationNeeded;
