using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Util;

namespace Faas.Actors.Pool;

/// <summary>
/// The address to which a call is answered: lets the first <see cref="IInvokeReply"/> through to the caller and drops
/// every other message. It stands between the two who may both feel obliged to answer, a sandbox that dies and
/// the pool that sees it die, so that each call has one answer without an agreement between them and without a
/// hop through the pool's mailbox. Local, safe from any thread.
/// </summary>
/// <param name="caller">Who asked.</param>
/// <param name="path">What logs show as this address.</param>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "Actor references are compared by name in no code of ours.")]
public sealed class CallReply(ICanTell caller, ActorPath path) : IActorRef
{
    private int _answered;

    /// <inheritdoc/>
    public ActorPath Path { get; } = path;

    /// <summary>Passes the answer on; false: the call has one already.</summary>
    public bool TryAnswer(IInvokeReply reply, IActorRef sender)
    {
        if (Interlocked.Exchange(ref _answered, 1) != 0)
        {
            return false;
        }

        caller.Tell(reply, sender);
        return true;
    }

    /// <inheritdoc/>
    public void Tell(object message, IActorRef sender)
    {
        if (message is IInvokeReply reply)
        {
            TryAnswer(reply, sender);
        }
    }

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

    /// <summary>Not supported: an answer's address does not leave the node.</summary>
    public ISurrogate ToSurrogate(ActorSystem system) => throw new NotSupportedException("The address of one call's answer is local to its node.");
}
