using Akka.Actor;
using Faas.Actors.Durable;

namespace Faas.Actors.Secrets;

/// <summary>
/// Keeps the secrets: the durable shell around <see cref="SecretsState"/>. It never sees a value, only what is encrypted. The next call
/// gets the value that was acknowledged.
/// </summary>
public sealed class SecretsActor : DurableActor<SecretsState>
{
    /// <summary>Made by the actor system.</summary>
    public SecretsActor(LiveSecrets live)
        : base(SecretsState.Empty, live.Show, new SecretStoreFailed("The store did not acknowledge the change."))
    {
        Recovers<SecretWritten>((state, written) => state.Apply(written));
        Recovers<SecretDeleted>((state, deleted) => state.Apply(deleted));
        Command<GetSecrets>(_ => Sender.Tell(SecretsKnown.Instance));
        Command<WriteSecret>(Write);
        Command<ResealSecret>(Reseal);
        Command<DeleteSecret>(Delete);
    }

    /// <inheritdoc/>
    public override string PersistenceId => "secrets";

    private void Write(WriteSecret command)
    {
        var isNew = !State.Secrets.ContainsKey(command.Secret.Name);
        var (written, refusal) = State.Decide(command);
        if (written is null)
        {
            Sender.Tell(refusal);
            return;
        }

        Store(written, (state, durable) => state.Apply(durable), new SecretStored(written.Secret, isNew));
    }

    private void Reseal(ResealSecret command)
    {
        if (State.Decide(command) is not { } written)
        {
            Sender.Tell(SecretUnknown.Instance);
            return;
        }

        Store(written, (state, durable) => state.Apply(durable), new SecretStored(written.Secret, IsNew: false));
    }

    private void Delete(DeleteSecret command)
    {
        if (State.Decide(command) is not { } deleted)
        {
            Sender.Tell(SecretUnknown.Instance);
            return;
        }

        Store(deleted, (state, durable) => state.Apply(durable), SecretEnded.Instance);
    }
}
