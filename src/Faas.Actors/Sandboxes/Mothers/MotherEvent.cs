using Akka.Actor;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>Something that a mother says, or that happens to her.</summary>
public abstract record MotherEvent : INoSerializationVerificationNeeded;

/// <summary>She is warm: she takes orders from now on.</summary>
public sealed record MotherWarm : MotherEvent;

/// <summary>She has forked the child of an order.</summary>
/// <param name="Token">The order's token.</param>
/// <param name="Pid">The child's pid, as she sees it.</param>
public sealed record ChildForked(string Token, int Pid) : MotherEvent;

/// <summary>She could not fork the child of an order.</summary>
/// <param name="Token">The order's token.</param>
/// <param name="Why">Why not.</param>
public sealed record ForkFailed(string Token, string Why) : MotherEvent;

/// <summary>She has looked how a child ended.</summary>
/// <param name="Pid">The child's pid, as she sees it.</param>
/// <param name="Status">
/// The status of wait4(2); null: it has not ended yet; <see cref="Unknown"/>: she has no such child.
/// </param>
public sealed record ChildReaped(int Pid, int? Status) : MotherEvent
{
    /// <summary>The status that stands for a child that she does not have.</summary>
    public const int Unknown = -1;
}

/// <summary>A child has called on the server.</summary>
public sealed record ChildCalled(ChildConnection Connection) : MotherEvent;

/// <summary>She is dead, and all sandboxes in her pid namespace with her.</summary>
/// <param name="Exit">How she died.</param>
public sealed record MotherDied(SandboxExit Exit) : MotherEvent;

/// <summary>She broke the protocol. The server kills her.</summary>
/// <param name="Why">What she sent.</param>
public sealed record MotherBroke(string Why) : MotherEvent;
