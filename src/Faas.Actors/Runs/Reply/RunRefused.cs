using Akka.Actor;
using Faas.Actors.Pool.Scheduler;

namespace Faas.Actors.Runs.Reply;

/// <summary>The run did not run and will not.</summary>
/// <param name="RunId">The call.</param>
/// <param name="Why">What stood in the way.</param>
/// <param name="RetryAfter">When there will be room for it, by <see cref="RetrySchedule"/>; at least a second.</param>
public sealed record RunRefused(string RunId, RefusalReason Why, TimeSpan RetryAfter) : IRunReply, INoSerializationVerificationNeeded;
