using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Faas.Actors.Keys;

/// <summary>
/// Keeps the keys that were made by calls: the durable shell around <see cref="KeysState"/>.
/// <para>
/// Theory of operation. One change at a time: it is persisted, then shown in <see cref="LiveKeys"/>, then replied to, so a key that was
/// revoked opens nothing from the moment its revoker is told. A journal that does not acknowledge ends the actor, because what is stored
/// is not known then; its supervisor starts it anew, and it reads what is stored. What it has shown stays in force meanwhile.
/// </para>
/// </summary>
public sealed class KeysActor : ReceivePersistentActor
{
    private readonly LiveKeys _live;
    private KeysState _state = KeysState.Empty;
    private IActorRef? _waits;

    /// <summary>Made by the actor system.</summary>
    public KeysActor(LiveKeys live)
    {
        _live = live;
        Recover<KeyCreated>(created => _state = _state.Apply(created));
        Recover<KeyRevoked>(revoked => _state = _state.Apply(revoked));
        Recover<RecoveryCompleted>(_ => _live.Show(_state));
        Command<GetKeys>(_ => Sender.Tell(KeysKnown.Instance));
        Command<CreateKey>(Create);
        Command<RevokeKey>(Revoke);
    }

    /// <inheritdoc/>
    public override string PersistenceId => "keys";

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Context.GetLogger().Error("The keys could not be written: {0}", cause.Message);
        _waits?.Tell(new KeyStoreFailed("The store did not acknowledge the change."));
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.GetLogger().Error("The keys could not be read: {0}", reason.Message);

    private void Create(CreateKey command)
    {
        var (created, refusal) = _state.Decide(command);
        if (created is null)
        {
            Sender.Tell(refusal);
            return;
        }

        Store(created, KeyStored.Instance, _state.Apply);
    }

    private void Revoke(RevokeKey command)
    {
        if (_state.Decide(command) is not { } revoked)
        {
            Sender.Tell(KeyUnknown.Instance);
            return;
        }

        Store(revoked, KeyEnded.Instance, _state.Apply);
    }

    // Persist keeps back other messages until the event is durable, so the state is the same when its handler runs.
    private void Store<T>(T @event, IKeyReply reply, Func<T, KeysState> apply)
    {
        _waits = Sender;
        Persist(@event, durable =>
        {
            _state = apply(durable);
            _live.Show(_state);
            _waits.Tell(reply);
            _waits = null;
        });
    }
}
