using Akka.Actor;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>To a mother's actor: she shall take no further order.</summary>
internal sealed record RetireMother : INoSerializationVerificationNeeded
{
    /// <summary>The message.</summary>
    public static RetireMother Instance { get; } = new();
}

/// <summary>From a mother's actor to its parent: she is warm.</summary>
internal sealed record MotherIsWarm : INoSerializationVerificationNeeded
{
    /// <summary>The message.</summary>
    public static MotherIsWarm Instance { get; } = new();
}

/// <summary>From a mother's actor to its parent: she holds this memory.</summary>
internal sealed record MotherHolds(long Bytes) : INoSerializationVerificationNeeded;

/// <summary>On the event stream: what the mothers of this server hold.</summary>
/// <param name="Bytes">The memory of all together.</param>
/// <param name="Mothers">How many have been measured.</param>
public sealed record MothersHold(long Bytes, int Mothers) : INoSerializationVerificationNeeded;

/// <summary>From a mother's actor to its parent: she takes no further order.</summary>
internal sealed record MotherRetires : INoSerializationVerificationNeeded
{
    /// <summary>The message.</summary>
    public static MotherRetires Instance { get; } = new();
}

/// <summary>
/// From a mother's actor to its parent: she is dead. The actor answers the orders that are under way, and waits to be stopped.
/// </summary>
internal sealed record MotherIsDead : INoSerializationVerificationNeeded
{
    /// <summary>The message.</summary>
    public static MotherIsDead Instance { get; } = new();
}
