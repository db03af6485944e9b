using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// The store of the callbacks of kept runs, for all servers that share it. A callback becomes due in the step that ends its run. Each
/// change is one step. A method throws <see cref="StoreException"/> when the store does not answer; the change may have happened all the
/// same, so each can be asked for again.
/// </summary>
public interface ICallbacks
{
    /// <summary>
    /// Gives the callback that has been due for longest to one server, for the time of a lease. When the lease is over and nothing was
    /// noted, another server gets it.
    /// </summary>
    /// <param name="lease">For how long.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<CallbackTurn> TakeAsync(TimeSpan lease, CancellationToken cancellation);

    /// <summary>
    /// Notes what came of an attempt. False: the callback is not that attempt's any more, or this was noted before; nothing is changed.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="attempt">The number that <see cref="TakeAsync"/> gave the attempt.</param>
    /// <param name="note">What came of it.</param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    Task<bool> NoteAsync(string id, int attempt, CallbackNote note, CancellationToken cancellation);

    /// <summary>Has a callback sent again, or at once if it waits for its next attempt.</summary>
    Task<CallbackRenewal> SendAgainAsync(string id, CancellationToken cancellation);
}

/// <summary>What a server has to send.</summary>
/// <param name="Id">The run whose callback it has; null: none is due.</param>
/// <param name="Attempt">The number of the attempt, from 1 on.</param>
/// <param name="Wait">How long until one is due; null: none is, or it has one.</param>
public readonly record struct CallbackTurn(string? Id, int Attempt, TimeSpan? Wait);

/// <summary>What came of an attempt, and what follows.</summary>
/// <param name="State"><see cref="CallbackState.Pending"/>: it is sent again.</param>
/// <param name="Answer">What the receiver has answered, or why it has not.</param>
/// <param name="Delay">How long until it is sent again.</param>
public sealed record CallbackNote(CallbackState State, CallbackAnswer Answer, TimeSpan Delay);

/// <summary>What came of having a callback sent again.</summary>
public enum CallbackRenewal
{
    /// <summary>There is no such run.</summary>
    Unknown,

    /// <summary>The run has a callback, and has not ended.</summary>
    Early,

    /// <summary>The run has no callback.</summary>
    None,

    /// <summary>It is due, or is being sent.</summary>
    Due,

    /// <summary>The run ended otherwise than its call wants to be told of.</summary>
    Skipped,
}
