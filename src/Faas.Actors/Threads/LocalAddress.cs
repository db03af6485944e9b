using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Util;

namespace Faas.Actors.Threads;

/// <summary>
/// A reference that receives messages and has no actor behind it. It is valid on this node only, and equals no other reference.
/// </summary>
/// <param name="path">The path that logs show.</param>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "Our code never orders actor references.")]
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

    /// <summary>Throws <see cref="NotSupportedException"/>, because such a reference must not leave the node.</summary>
    public ISurrogate ToSurrogate(ActorSystem system) => throw new NotSupportedException($"{GetType().Name} is local to its node.");
}
