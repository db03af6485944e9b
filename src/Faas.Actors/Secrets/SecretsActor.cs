using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Faas.Actors.Secrets;

/// <summary>
/// Keeps the secrets: the durable shell around <see cref="SecretsState"/>. It never sees a value, only what is encrypted.
/// <para>
/// Theory of operation. One change at a time: it is persisted, then shown in <see cref="LiveSecrets"/>, then replied to, so the next call
/// gets the value that was acknowledged. A journal that does not acknowledge ends the actor, because what is stored is not known then; its
/// supervisor starts it anew, and it reads what is stored. What it has shown stays in force meanwhile.
/// </para>
/// </summary>
public sealed class SecretsActor : ReceivePersistentActor
{
    private readonly LiveSecrets _live;
    private SecretsState _state = SecretsState.Empty;
    private IActorRef? _waits;

    /// <summary>Made by the actor system.</summary>
    public SecretsActor(LiveSecrets live)
    {
        _live = live;
        Recover<SecretWritten>(written => _state = _state.Apply(written));
        Recover<SecretDeleted>(deleted => _state = _state.Apply(deleted));
        Recover<RecoveryCompleted>(_ => _live.Show(_state));
        Command<GetSecrets>(_ => Sender.Tell(SecretsKnown.Instance));
        Command<WriteSecret>(Write);
        Command<ResealSecret>(Reseal);
        Command<DeleteSecret>(Delete);
    }

    /// <inheritdoc/>
    public override string PersistenceId => "secrets";

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Context.GetLogger().Error("The secrets could not be written: {0}", cause.Message);
        _waits?.Tell(new SecretStoreFailed("The store did not acknowledge the change."));
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Context.GetLogger().Error("The secrets could not be read: {0}", reason.Message);

    private void Write(WriteSecret command)
    {
        var isNew = !_state.Secrets.ContainsKey(command.Secret.Name);
        var (written, refusal) = _state.Decide(command);
        if (written is null)
        {
            Sender.Tell(refusal);
            return;
        }

        Store(written, new SecretStored(written.Secret, isNew), _state.Apply);
    }

    private void Reseal(ResealSecret command)
    {
        if (_state.Decide(command) is not { } written)
        {
            Sender.Tell(SecretUnknown.Instance);
            return;
        }

        Store(written, new SecretStored(written.Secret, IsNew: false), _state.Apply);
    }

    private void Delete(DeleteSecret command)
    {
        if (_state.Decide(command) is not { } deleted)
        {
            Sender.Tell(SecretUnknown.Instance);
            return;
        }

        Store(deleted, SecretEnded.Instance, _state.Apply);
    }

    // Persist keeps back other messages until the event is durable, so the state is the same when its handler runs.
    private void Store<T>(T @event, ISecretReply reply, Func<T, SecretsState> apply)
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
