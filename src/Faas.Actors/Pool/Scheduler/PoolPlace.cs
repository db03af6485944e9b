using Akka.Actor;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>What a pool has for one run at the moment.</summary>
/// <param name="RunId">The run.</param>
/// <param name="HasWarm">Whether a sandbox that is bound to what the run needs could take it at once.</param>
/// <param name="HasSpare">Whether a spare could.</param>
/// <param name="Permits">How many runs may be executed at once.</param>
/// <param name="Free">How many of these permits nothing has.</param>
/// <param name="Waiting">The runs that wait.</param>
/// <param name="IsDraining">Whether the pool would refuse it.</param>
public sealed record PoolPlace(
    string RunId, bool HasWarm, bool HasSpare, int Permits, int Free, int Waiting, bool IsDraining)
    : IRunReply, INoSerializationVerificationNeeded;
