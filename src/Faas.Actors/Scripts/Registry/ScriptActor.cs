using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Faas.Actors.Lending;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// One script: the durable shell around <see cref="ScriptState"/>.
/// <para>
/// Theory of operation. Code is stored first, under its hash, by the sender of the upload; then the event that names it is persisted; then
/// the actor replies. Changes are pipelined: while one is being stored, the next is decided on against the state as it will be
/// (<c>_decided</c>), and readers get replies from the state that is durable. A command that changes nothing, or is refused, was decided
/// on against that state too, so its reply waits for the changes before it. An event that the journal does not acknowledge
/// ends the actor, because the two states have parted: every asker that waits is told, and the next request starts an
/// actor anew from what is stored. Calls go on by what was shown last (<see cref="LiveScripts"/>), and the parent is asked
/// to start an actor until one has read the script. The line in the list of scripts follows the events (<see cref="CatalogEntry"/>) and
/// delays no reply. Code that a deletion leaves without a version is released (<see cref="UnusedCode"/>).
/// </para>
/// <para>
/// Readers, and the nodes of a cluster that have borrowed the script, see the state that is shown. A change that is durable is shown, and
/// acknowledged, when no other node has the state that was shown before (ScriptActor.Lending.cs).
/// </para>
/// </summary>
public sealed partial class ScriptActor : ReceivePersistentActor, IWithTimers
{
    private const string NotAcknowledged = "The store did not acknowledge the change.";

    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromSeconds(1);

    private readonly ICodeStore _codes;
    private readonly ScriptOptions _options;
    private readonly LiveScripts _live;
    private readonly CatalogEntry _entry;
    private readonly UnusedCode _unused;
    private readonly LoanBook _loans;
    private readonly EntityParent _parent;
    private readonly List<IActorRef> _changers = [];
    private ScriptState _shown;
    private ScriptState _durable;
    private ScriptState _decided;
    private bool _leaving;
    private bool _isFailed;
    private string? _whyFailed;

    /// <summary>Made by the actor system, which resolves everything but the path.</summary>
    public ScriptActor(
        string path, ScriptOptions options, ICodeStore codes, IScriptCatalog catalog, LiveScripts live, LoanBook loans, EntityParent parent)
    {
        (_options, _codes, _live, _loans, _parent) = (options, codes, live, loans, parent);
        _shown = _durable = _decided = ScriptState.Empty(path);
        _entry = new CatalogEntry(path, catalog);
        _unused = new UnusedCode(path, codes, Log);
        PersistenceId = PersistenceIdOf(path);

        Recover<SnapshotOffer>(offer => _durable = ScriptState.From((ScriptSnapshot)offer.Snapshot));
        Recover<IScriptEvent>(change => _durable = _durable.Apply(change));
        Recover<RecoveryCompleted>(_ =>
        {
            _decided = _durable;
            ShowWhenReturned(new Change(_durable, Reply: null, Asker: null));
        });

        Command<PublishVersion>(ReferToCode);
        Command<Asked>(asked => Commit(ScriptRules.Decide(_decided, asked.Command, _options.KeepByDefault), asked.Asker));
        Command<UploadReferred>(OnReferred);
        Command<UploadNotReferred>(OnNotReferred);
        Command<IScriptCommand>(Execute);
        Command<ImportScript>(BeginImport);
        Command<CodeReferred>(OnCodeReferred);
        Command<CodeNotReferred>(OnCodeNotReferred);
        Command<GetScript>(_ => GiveAll());
        Command<ReleaseCode>(Release);
        Command<GetVersion>(query => Answer(Find(query), _shown.NotFound(query.Version)));
        Command<GetAlias>(query => Answer(Find(query), _shown.NotFound(query.Name)));
        Command<DescribeScript>(_ => Answer(Describe(), _shown.NotFound(number: null)));
        Command<GetVersions>(query => Answer(Find(query), _shown.NotFound(number: null)));
        Command<BorrowScript>(Lend);
        Command<Returned>(OnReturned);
        Command<LoansEnded>(_ => ShowWhatIsReturned());
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

    /// <summary>The message that ends a script's actor as soon as no change is under way.</summary>
    public static object StopMessage => Leave.Instance;

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

        var detail = _whyFailed is null ? NotAcknowledged : $"{NotAcknowledged} {_whyFailed}";
        foreach (var changer in _changers)
        {
            changer.Tell(new StoreUnavailable(_durable.Path, detail));
        }

        _loans.Close(_durable.Path);

        _entry.OnStopped();
        base.PostStop();
    }

    private void Fail(string what, Exception cause)
    {
        (_isFailed, _whyFailed) = (true, cause.Message.ReplaceLineEndings(" "));
        Log.Error(what, _durable.Path, cause.Message);
    }

    // The code was stored before, by the node that took the upload; a deletion may have removed it since.
    private void ReferToCode(PublishVersion command)
    {
        // The asker travels in the message, because Akka hands the sender of what is persisted to the journal.
        var asker = Sender;
        _changers.Add(asker);
        _unused.BeginUpload(command.Code);
        _codes.ReferAsync(command.Code, command.Path, CancellationToken.None).PipeTo(
            Self,
            success: isStored => new UploadReferred(command, asker, isStored),
            failure: failure => new UploadNotReferred(command, asker, failure.Message));
    }

    private void OnReferred(UploadReferred referred)
    {
        var (command, asker, isStored) = referred;
        if (isStored)
        {
            Commit(ScriptRules.Publish(_decided, command, _options.KeepByDefault), asker);
        }
        else
        {
            Reply(asker, new CodeMissing(_durable.Path));
        }

        _unused.EndUpload(command.Code);
    }

    private void OnNotReferred(UploadNotReferred failed)
    {
        _unused.EndUpload(failed.Command.Code);
        Reply(failed.Asker, new StoreUnavailable(_durable.Path, failed.Why));
    }

    private void Execute(IScriptCommand command)
    {
        // As in ReferToCode, the asker travels in a message.
        _changers.Add(Sender);
        Self.Tell(new Asked(command, Sender));
    }

    private void Commit(ScriptDecision decision, IActorRef asker)
    {
        _decided = decision.State;
        if (decision.Events.Count == 0)
        {
            DeferAsync(decision.Reply, reply => ShowWhenReturned(new Change(State: null, reply, asker)));
            return;
        }

        RecallLoans();

        var left = decision.Events.Count;
        PersistAllAsync(decision.Events, change =>
        {
            _durable = _durable.Apply(change);
            if (LastSequenceNr % _options.SnapshotEvery == 0)
            {
                SaveSnapshot(_durable.ToSnapshot());
            }

            if (--left == 0)
            {
                ShowWhenReturned(new Change(_durable, decision.Reply, asker) { Deletes = decision.Events.Any(IsDeletion) });
                _entry.Follow(_durable, LastSequenceNr, Self);
            }
        });
    }

    private static bool IsDeletion(IScriptEvent change) => change is VersionsDeleted or ScriptDeleted;

    private void Reply(IActorRef asker, IWithScriptPath reply)
    {
        _changers.Remove(asker);
        asker.Tell(reply);
        LeaveWhenIdle(_leaving);
    }

    private VersionFound? Find(GetVersion query) => _shown.Find(query.Version) is { } version
        ? new VersionFound(_shown.Path, version, _shown.Traits.Enabled)
        : null;

    private AliasFound? Find(GetAlias query) => _shown.Traits.Aliases.TryGetValue(query.Name, out var alias)
        ? new AliasFound(_shown.Path, query.Name, alias)
        : null;

    private VersionsFound? Find(GetVersions query)
    {
        var (versions, hasMore) = _shown.Before(query.Before, query.Most);
        return _shown.Latest is null ? null : new VersionsFound(_shown.Path, versions, hasMore);
    }

    private ScriptDescribed? Describe() => _shown.Describe() is { } script ? new ScriptDescribed(_shown.Path, script) : null;

    private void Answer(IWithScriptPath? found, IWithScriptPath otherwise)
    {
        Sender.Tell(_loans.MaySpeak(_shown.Path) ? found ?? otherwise : Elsewhere);
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
            Context.Parent.Tell(_parent.PassivateBy(StopMessage));
        }
    }

    private void LeaveWhenIdle(bool leaving)
    {
        _leaving = leaving;
        if (leaving && _changers.Count == 0 && AreLoansReturned())
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

    private sealed record UploadReferred(PublishVersion Command, IActorRef Asker, bool IsStored) : INoSerializationVerificationNeeded;

    private sealed record UploadNotReferred(PublishVersion Command, IActorRef Asker, string Why) : INoSerializationVerificationNeeded;
}
