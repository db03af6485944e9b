using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// One script: the durable shell around <see cref="ScriptState"/>.
/// <para>
/// Theory of operation. Code is stored first, under its hash; then the event that names it is persisted; then the actor
/// replies. Changes are pipelined: while one is being stored, the next is decided on against the state as it will be
/// (<c>_decided</c>), and readers get replies from the state that is durable. A command that changes nothing, or is refused, was decided
/// on against that state too, so its reply waits for the changes before it. An event that the journal does not acknowledge
/// ends the actor, because the two states have parted: every asker that waits is told, and the next request starts an
/// actor anew from what is stored. Calls go on by what was shown last (<see cref="LiveScripts"/>), and the parent is asked
/// to start an actor until one has read the script. The line in the list of scripts follows the events (<see cref="CatalogEntry"/>) and
/// delays no reply. Code that a deletion leaves without a version is released (<see cref="UnusedCode"/>).
/// </para>
/// </summary>
public sealed partial class ScriptActor : ReceivePersistentActor, IWithTimers
{
    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromSeconds(1);

    private readonly ICodeStore _codes;
    private readonly ScriptOptions _options;
    private readonly LiveScripts _live;
    private readonly CatalogEntry _entry;
    private readonly UnusedCode _unused;
    private readonly List<IActorRef> _changers = [];
    private ScriptState _durable;
    private ScriptState _decided;
    private bool _leaving;
    private bool _isFailed;

    /// <summary>Made by the actor system, which resolves everything but the path.</summary>
    public ScriptActor(string path, ScriptOptions options, ICodeStore codes, IScriptCatalog catalog, LiveScripts live)
    {
        (_options, _codes, _live) = (options, codes, live);
        _durable = _decided = ScriptState.Empty(path);
        _entry = new CatalogEntry(path, catalog);
        _unused = new UnusedCode(path, codes, Log);
        PersistenceId = PersistenceIdOf(path);

        Recover<SnapshotOffer>(offer => _durable = ScriptState.From((ScriptSnapshot)offer.Snapshot));
        Recover<IScriptEvent>(change => _durable = _durable.Apply(change));
        Recover<RecoveryCompleted>(_ => _live.Show(_decided = _durable, asUsed: false));

        Command<PublishVersion>(StoreCode);
        Command<Asked>(asked => Commit(ScriptRules.Decide(_decided, asked.Command, _options.KeepByDefault), asked.Asker));
        Command<CodeStored>(OnCodeStored);
        Command<CodeNotStored>(OnCodeNotStored);
        Command<IScriptCommand>(Execute);
        Command<ImportScript>(BeginImport);
        Command<CodeReferred>(OnCodeReferred);
        Command<CodeNotReferred>(OnCodeNotReferred);
        Command<GetScript>(_ => GiveAll());
        Command<ReleaseCode>(Release);
        Command<GetVersion>(query => Answer(Find(query), _durable.NotFound(query.Version)));
        Command<GetAlias>(query => Answer(Find(query), _durable.NotFound(query.Name)));
        Command<DescribeScript>(_ => Answer(Describe(), _durable.NotFound(number: null)));
        Command<GetVersions>(query => Answer(Find(query), _durable.NotFound(number: null)));
        Command<RefreshCatalog>(_ => _entry.Refresh(Sender, _durable, LastSequenceNr, Self));
        Command<CatalogEntry.Written>(written => _entry.OnWritten(written, _durable, LastSequenceNr, Self));
        Command<CatalogEntry.NotWritten>(failed => _entry.OnNotWritten(failed, Timers, Log));
        Command<CatalogEntry.Retry>(_ => _entry.Follow(_durable, LastSequenceNr, Self));
        Command<UnusedCode.ReferenceRead>(read => _unused.OnRead(read, _durable, _decided, Self));
        Command<UnusedCode.Released>(_unused.OnReleased);
        Command<UnusedCode.NotReleased>(_unused.OnNotReleased);
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => Log.Warning("No snapshot of script {0}: {1}", path, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => Log.Warning("Old snapshots of script {0} stay: {1}", path, failed.Cause.Message));
        Command<ReceiveTimeout>(_ => AskToLeaveUnlessUsed());
        Command<Leave>(_ => LeaveWhenIdle(true));
        Context.SetReceiveTimeout(options.PassivateAfter);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The persistence id of a script.</summary>
    public static string PersistenceIdOf(string path) => ScriptRegistry.PersistenceIdPrefix + path;

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Fail("Script {0} could not be written: {1}", cause);

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Fail("Script {0} was refused by the journal: {1}", cause);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Fail("Script {0} could not be read: {1}", reason);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (!_isFailed)
        {
            _live.Hide(_durable.Path);
        }
        else if (_live.Doubt(_durable.Path, Context.System.Scheduler.Now, s_betweenAttempts))
        {
            Context.System.Scheduler.ScheduleTellOnce(
                s_betweenAttempts, Context.Parent, new GetVersion(_durable.Path, Version: null), ActorRefs.NoSender);
        }

        foreach (var changer in _changers)
        {
            changer.Tell(new StoreUnavailable(_durable.Path, "The store did not acknowledge the change."));
        }

        _entry.OnStopped();
        base.PostStop();
    }

    private void Fail(string what, Exception cause)
    {
        _isFailed = true;
        Log.Error(what, _durable.Path, cause.Message);
    }

    private void StoreCode(PublishVersion command)
    {
        // The asker travels in the message, because Akka hands the sender of what is persisted to the journal.
        var asker = Sender;
        _changers.Add(asker);
        _unused.BeginUpload(CodeName.Of(command.Code));
        _codes.PutAsync(command.Code, command.Path, CancellationToken.None).PipeTo(
            Self,
            success: () => new CodeStored(command, asker),
            failure: failure => new CodeNotStored(command, asker, failure.Message));
    }

    private void OnCodeStored(CodeStored stored)
    {
        Commit(ScriptRules.Publish(_decided, stored.Command, _options.KeepByDefault), stored.Asker);
        _unused.EndUpload(CodeName.Of(stored.Command.Code));
    }

    private void OnCodeNotStored(CodeNotStored failed)
    {
        _unused.EndUpload(CodeName.Of(failed.Command.Code));
        Reply(failed.Asker, new StoreUnavailable(_durable.Path, failed.Why));
    }

    private void Execute(IScriptCommand command)
    {
        // As in StoreCode, the asker travels in a message.
        _changers.Add(Sender);
        Self.Tell(new Asked(command, Sender));
    }

    private void Commit(ScriptDecision decision, IActorRef asker)
    {
        _decided = decision.State;
        if (decision.Events.Count == 0)
        {
            DeferAsync(decision.Reply, reply => Reply(asker, reply));
            return;
        }

        var left = decision.Events.Count;
        PersistAllAsync(decision.Events, change =>
        {
            var before = _durable;
            _durable = _durable.Apply(change);
            if (change is VersionsDeleted or ScriptDeleted)
            {
                _unused.Drop(before.Versions.Except(_durable.Versions), _durable, _decided, Self);
            }

            if (LastSequenceNr % _options.SnapshotEvery == 0)
            {
                SaveSnapshot(_durable.ToSnapshot());
            }

            if (--left == 0)
            {
                _live.Show(_durable, asUsed: decision.Reply is not ScriptImported);
                Reply(asker, decision.Reply);
                _entry.Follow(_durable, LastSequenceNr, Self);
            }
        });
    }

    private void Reply(IActorRef asker, IWithScriptPath reply)
    {
        _changers.Remove(asker);
        asker.Tell(reply);
        LeaveWhenIdle(_leaving);
    }

    private VersionFound? Find(GetVersion query) => _durable.Find(query.Version) is { } version
        ? new VersionFound(_durable.Path, version, _durable.Traits.Enabled)
        : null;

    private AliasFound? Find(GetAlias query) => _durable.Traits.Aliases.TryGetValue(query.Name, out var alias)
        ? new AliasFound(_durable.Path, query.Name, alias)
        : null;

    private VersionsFound? Find(GetVersions query)
    {
        var (versions, hasMore) = _durable.Before(query.Before, query.Most);
        return _durable.Latest is null ? null : new VersionsFound(_durable.Path, versions, hasMore);
    }

    private ScriptDescribed? Describe() => _durable.Describe() is { } script ? new ScriptDescribed(_durable.Path, script) : null;

    private void Answer(IWithScriptPath? found, IWithScriptPath otherwise)
    {
        Sender.Tell(found ?? otherwise);
        if (_decided.Latest is null)
        {
            AskToLeave();
        }
    }

    // A reader of the live scripts sends no message, so the time-out alone does not say that the script is idle.
    private void AskToLeaveUnlessUsed()
    {
        if (!_live.WasUsed(_durable.Path))
        {
            AskToLeave();
        }

        Context.SetReceiveTimeout(_options.PassivateAfter);
    }

    /// <summary>Asks the parent to keep back what comes from now on; it replies with <see cref="Leave"/>.</summary>
    private void AskToLeave()
    {
        if (_changers.Count == 0 && _entry.IsCurrent && _unused.IsIdle)
        {
            Context.Parent.Tell(new Passivate(Leave.Instance));
        }
    }

    private void LeaveWhenIdle(bool leaving)
    {
        _leaving = leaving;
        if (leaving && _changers.Count == 0)
        {
            Context.Stop(Self);
        }
    }

    /// <summary>The parent keeps back what comes: end as soon as no change is under way.</summary>
    internal sealed class Leave : INoSerializationVerificationNeeded
    {
        public static Leave Instance { get; } = new();
    }

    private sealed record Asked(IScriptCommand Command, IActorRef Asker) : INoSerializationVerificationNeeded;

    private sealed record CodeStored(PublishVersion Command, IActorRef Asker) : INoSerializationVerificationNeeded;

    private sealed record CodeNotStored(PublishVersion Command, IActorRef Asker, string Why) : INoSerializationVerificationNeeded;
}
