using Akka.Actor;
using Akka.Persistence;

namespace Faas.Actors.Tests.Storage.AkkaPlugins;

/// <summary>
/// A persistent actor that counts: any string is an event, to which it replies with the sequence number once that is stored; "snapshot"
/// saves the count.
/// </summary>
public sealed class Counter : ReceivePersistentActor
{
    private readonly IActorRef _watcher;
    private int _count;

    public Counter(string persistenceId, IActorRef watcher)
    {
        PersistenceId = persistenceId;
        _watcher = watcher;
        Recover<string>(_ => _count++);
        Recover<SnapshotOffer>(offer => _count = (int)(long)offer.Snapshot);
        Command<string>(word => word == "snapshot", _ => SaveSnapshot((long)_count));
        Command<string>(word =>
        {
            var sender = Sender;
            Persist(word, _ =>
            {
                _count++;
                sender.Tell(_count);
            });
        });
        Command<SaveSnapshotSuccess>(_ => _watcher.Tell("saved"));
    }

    public override string PersistenceId { get; }

    protected override void OnReplaySuccess() => _watcher.Tell($"recovered {_count}");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _watcher.Tell(new Failed(cause.Message));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _watcher.Tell(new Rejected(cause.Message));

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _watcher.Tell(new Failed(reason.Message));

    public sealed record Failed(string Why);

    public sealed record Rejected(string Why);
}
