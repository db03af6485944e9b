using Akka.Actor;

namespace Faas.Actors.Durable;

/// <summary>Ends a durable actor as soon as no change is under way.</summary>
internal sealed class StopDurable : INoSerializationVerificationNeeded
{
    /// <summary>The only instance.</summary>
    public static StopDurable Instance { get; } = new();
}
