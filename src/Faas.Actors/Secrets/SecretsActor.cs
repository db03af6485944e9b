using Akka.Actor;
using Faas.Actors.Durable;
using Faas.Actors.Lending;

namespace Faas.Actors.Secrets;

/// <summary>
/// Keeps the secrets: the durable shell around <see cref="SecretsState"/>. It never sees a value, only what is encrypted. The next call
/// gets the value that was acknowledged.
/// </summary>
public sealed class SecretsActor : DurableActor<SecretsState>
{
    /// <summary>Made by the actor system.</summary>
    public SecretsActor(LiveSecrets live, LoanBook loans)
        : base(SecretsState.Empty, live, new SecretStoreFailed("The store did not acknowledge the change."), loans)
    {
        Recovers<SecretWritten>((state, written) => state.Apply(written));
        Recovers<SecretDeleted>((state, deleted) => state.Apply(deleted));
        Command<GetSecrets>(_ => Sender.Tell(SecretsKnown.Instance));
        Command<WriteSecret>(Write);
        Command<ResealSecret>(Reseal);
        Command<DeleteSecret>(Delete);
    }

    /// <summary>The actor's name.</summary>
    public const string Id = "secrets";

    /// <summary>The name of the secrets as a state (<see cref="IAuthority"/>); no script has such a path.</summary>
    public const string StateId = $"/{Id}";

    /// <inheritdoc/>
    public override string PersistenceId => Id;

    /// <inheritdoc/>
    protected override Lent ToLent(long revision, TimeSpan loan, long asked, bool isKnown) =>
        new SecretsLent(revision, loan, asked, isKnown ? null : [.. State.Secrets.Values]);

    private void Write(WriteSecret command)
    {
        var isNew = !State.Secrets.ContainsKey(command.Secret.Name);
        var (written, refusal) = State.Decide(command);
        if (written is null)
        {
            Reply(refusal!);
            return;
        }

        Store(written, (state, durable) => state.Apply(durable), new SecretStored(written.Secret, isNew));
    }

    private void Reseal(ResealSecret command)
    {
        if (State.Decide(command) is not { } written)
        {
            Reply(SecretUnknown.Instance);
            return;
        }

        Store(written, (state, durable) => state.Apply(durable), new SecretStored(written.Secret, IsNew: false));
    }

    private void Delete(DeleteSecret command)
    {
        if (State.Decide(command) is not { } deleted)
        {
            Reply(SecretUnknown.Instance);
            return;
        }

        Store(deleted, (state, durable) => state.Apply(durable), SecretEnded.Instance);
    }
}
