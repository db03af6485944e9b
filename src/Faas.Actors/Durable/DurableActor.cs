using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Faas.Actors.Durable;

/// <summary>
/// The shell of an actor that keeps one small state in the journal and shows it to readers on any thread.
/// <para>
/// Theory of operation. One change at a time: it is persisted, then shown, then replied to, so who reads after the reply sees the change.
/// A journal that does not acknowledge ends the actor, because what is stored is not known then; its supervisor
/// (<see cref="DurableHosting"/>) starts it anew, and it reads what is stored. What it has shown stays in force meanwhile.
/// </para>
/// </summary>
public abstract class DurableActor<TState> : ReceivePersistentActor
{
    private readonly Action<TState> _show;
    private readonly object _failed;
    private IActorRef? _waits;

    /// <summary>Begins with a state, which the events that the journal has then change.</summary>
    /// <param name="empty">The state without any event.</param>
    /// <param name="show">Shows the state to its readers.</param>
    /// <param name="failed">The reply to a caller whose change the store does not acknowledge.</param>
    protected DurableActor(TState empty, Action<TState> show, object failed)
    {
        (State, _show, _failed) = (empty, show, failed);
        Recover<RecoveryCompleted>(_ => _show(State));
    }

    /// <summary>The state as of the last durable event.</summary>
    protected TState State { get; private set; }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Context.GetLogger().Error("The {0} could not be written: {1}", PersistenceId, cause.Message);
        _waits?.Tell(_failed);
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.GetLogger().Error("The {0} could not be read: {1}", PersistenceId, reason.Message);

    /// <summary>Says how an event that is read from the journal changes the state.</summary>
    protected void Recovers<T>(Func<TState, T, TState> apply) => Recover<T>(recovered => State = apply(State, recovered));

    /// <summary>
    /// Makes an event durable, shows the state that follows, and replies to the sender. <c>Persist</c> keeps back other messages until
    /// then, so the state is the same when its handler runs.
    /// </summary>
    protected void Store<T>(T @event, Func<TState, T, TState> apply, object reply)
    {
        _waits = Sender;
        Persist(@event, durable =>
        {
            State = apply(State, durable);
            _show(State);
            _waits.Tell(reply);
            _waits = null;
        });
    }
}
