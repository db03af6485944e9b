using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Util;

namespace Faas.Actors.Threads;

/// <summary>An address behind which there is no actor, known by itself alone and to this node alone.</summary>
/// <param name="path">What logs show as this address.</param>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "Actor references are compared by name in no code of ours.")]
public abstract class LocalAddress(ActorPath path) : IActorRef
{
    /// <inheritdoc/>
    public ActorPath Path { get; } = path;

    /// <inheritdoc/>
    public abstract void Tell(object message, IActorRef sender);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other) => other is null ? 1 : Path.CompareTo(other.Path);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    /// <summary>Not supported: such an address does not leave the node.</summary>
    public ISurrogate ToSurrogate(ActorSystem system) => throw new NotSupportedException($"{GetType().Name} is local to its node.");
}
