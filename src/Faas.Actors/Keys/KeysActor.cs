using Akka.Actor;
using Faas.Actors.Durable;

namespace Faas.Actors.Keys;

/// <summary>
/// Keeps the keys that were made by calls: the durable shell around <see cref="KeysState"/>. A key that was revoked opens nothing from the
/// moment its revoker is told.
/// </summary>
public sealed class KeysActor : DurableActor<KeysState>
{
    /// <summary>Made by the actor system.</summary>
    public KeysActor(LiveKeys live)
        : base(KeysState.Empty, live.Show, new KeyStoreFailed("The store did not acknowledge the change."))
    {
        Recovers<KeyCreated>((state, created) => state.Apply(created));
        Recovers<KeyRevoked>((state, revoked) => state.Apply(revoked));
        Command<GetKeys>(_ => Sender.Tell(KeysKnown.Instance));
        Command<CreateKey>(Create);
        Command<RevokeKey>(Revoke);
    }

    /// <inheritdoc/>
    public override string PersistenceId => "keys";

    private void Create(CreateKey command)
    {
        var (created, refusal) = State.Decide(command);
        if (created is null)
        {
            Sender.Tell(refusal);
            return;
        }

        Store(created, (state, durable) => state.Apply(durable), KeyStored.Instance);
    }

    private void Revoke(RevokeKey command)
    {
        if (State.Decide(command) is not { } revoked)
        {
            Sender.Tell(KeyUnknown.Instance);
            return;
        }

        Store(revoked, (state, durable) => state.Apply(durable), KeyEnded.Instance);
    }
}
