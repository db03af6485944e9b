using Akka.Actor;
using Faas.Actors.Durable;
using Faas.Actors.Lending;

namespace Faas.Actors.Keys;

/// <summary>
/// Keeps the keys that were made by calls: the durable shell around <see cref="KeysState"/>. A key that was revoked opens nothing from the
/// moment its revoker is told.
/// </summary>
public sealed class KeysActor : DurableActor<KeysState>
{
    /// <summary>Made by the actor system.</summary>
    public KeysActor(LiveKeys live, LoanBook loans)
        : base(KeysState.Empty, live, new KeyStoreFailed("The store did not acknowledge the change."), loans)
    {
        Recovers<KeyCreated>((state, created) => state.Apply(created));
        Recovers<KeyRevoked>((state, revoked) => state.Apply(revoked));
        Command<GetKeys>(_ => Sender.Tell(KeysKnown.Instance));
        Command<CreateKey>(Create);
        Command<RevokeKey>(Revoke);
    }

    /// <summary>The actor's name.</summary>
    public const string Id = "keys";

    /// <summary>The name of the keys as a state (<see cref="IAuthority"/>); no script has such a path.</summary>
    public const string StateId = $"/{Id}";

    /// <inheritdoc/>
    public override string PersistenceId => Id;

    /// <inheritdoc/>
    protected override Lent ToLent(long revision, TimeSpan loan, long asked, bool isKnown) =>
        new KeysLent(revision, loan, asked, isKnown ? null : [.. State.Keys.Values]);

    private void Create(CreateKey command)
    {
        var (created, refusal) = State.Decide(command);
        if (created is null)
        {
            Reply(refusal!);
            return;
        }

        Store(created, (state, durable) => state.Apply(durable), KeyStored.Instance);
    }

    private void Revoke(RevokeKey command)
    {
        if (State.Decide(command) is not { } revoked)
        {
            Reply(KeyUnknown.Instance);
            return;
        }

        Store(revoked, (state, durable) => state.Apply(durable), KeyEnded.Instance);
    }
}
