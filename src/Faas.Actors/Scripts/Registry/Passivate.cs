using Akka.Actor;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// An entity asks its parent for leave to end. The parent keeps back what comes for the entity from then on and replies with
/// <paramref name="StopMessage"/>, at which the entity ends. The message has the shape of Akka.Cluster.Sharding's.
/// </summary>
public sealed record Passivate(object StopMessage) : INoSerializationVerificationNeeded;
