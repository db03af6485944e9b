using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Faas.Actors.Lending;

namespace Faas.Actors.Durable;

/// <summary>
/// The shell of an actor that keeps one small state in the journal and shows it to readers on any thread, on every node.
/// <para>
/// Theory of operation. One change at a time: it is persisted, then shown, then replied to, so who reads after the reply sees the change.
/// A journal that does not acknowledge ends the actor, because what is stored is not known then; it is started anew, and reads what is
/// stored. What it has shown stays in force meanwhile.
/// </para>
/// <para>
/// In a cluster each other node borrows the state (<see cref="LoanBook"/>), and asks for it again before its loan ends. A change is sent to
/// all of them, and replied to when each has answered that it serves the new state, or its loan has ended. Until then some nodes may serve
/// the change already; so none is ever without a state.
/// </para>
/// </summary>
public abstract class DurableActor<TState> : ReceivePersistentActor, IWithTimers
    where TState : class
{
    private readonly LiveState<TState> _live;
    private readonly object _failed;
    private readonly LoanBook _loans;
    private readonly HashSet<IActorRef> _unconfirmed = [];
    private (IActorRef Asker, object Reply, bool IsRefusal)? _waits;
    private bool _isAwaiting;
    private bool _waitsForOthers;

    /// <summary>Begins with a state, which the events that the journal has then change.</summary>
    /// <param name="empty">The state without any event.</param>
    /// <param name="live">Shows the state to its readers.</param>
    /// <param name="failed">The reply to a caller whose change the store does not acknowledge.</param>
    /// <param name="loans">Which nodes have the state.</param>
    protected DurableActor(TState empty, LiveState<TState> live, object failed, LoanBook loans)
    {
        (State, _live, _failed, _loans) = (empty, live, failed, loans);
        Recover<RecoveryCompleted>(_ => Begin());
        Command<IBorrow>(Lend);
        Command<Returned>(OnReturned);
        Command<LoansEnded>(_ => ReplyWhenConfirmed());
        Command<OthersLoansEnded>(_ => EndOthersLoans());
        Command<StopDurable>(_ => Context.Stop(Self));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private string StateId => $"/{PersistenceId}";

    /// <summary>The state as of the last durable event.</summary>
    protected TState State { get; private set; }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Context.GetLogger().Error("The {0} could not be written: {1}", PersistenceId, cause.Message);
        _waits?.Asker.Tell(_failed);
        _waits = null;
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

    /// <summary>The message by which a node gets the state.</summary>
    /// <param name="revision">The number of the state's last event.</param>
    /// <param name="loan">How long the node may serve the state; zero: until the loan of the revision before is over.</param>
    /// <param name="asked">When it asked, by its clock; 0: it did not.</param>
    /// <param name="isKnown">Whether the node has this revision, so that the message need not hold the state.</param>
    protected abstract Lent ToLent(long revision, TimeSpan loan, long asked, bool isKnown);

    /// <summary>Says how an event that is read from the journal changes the state.</summary>
    protected void Recovers<T>(Func<TState, T, TState> apply) => Recover<T>(recovered => State = apply(State, recovered));

    /// <summary>
    /// Makes an event durable, shows the state that follows, and replies to the sender. <c>Persist</c> keeps back other messages until
    /// then, so the state is the same when its handler runs.
    /// </summary>
    protected void Store<T>(T @event, Func<TState, T, TState> apply, object reply)
    {
        _waits = (Sender, reply, IsRefusal: false);
        Persist(@event, durable =>
        {
            State = apply(State, durable);
            _live.Show(State, LastSequenceNr);
            SendToBorrowers();
            AwaitConfirmation();
        });
    }

    /// <summary>Replies with what changes nothing, once every node serves what was decided on.</summary>
    protected void Reply(object reply)
    {
        _waits = (Sender, reply, IsRefusal: true);
        AwaitConfirmation();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _waits?.Asker.Tell(_failed);
        _live.Hide();
        _loans.Close(StateId);
        base.PostStop();
    }

    private void Begin()
    {
        _live.Show(State, LastSequenceNr);
        SendToBorrowers();
        if (_loans.LeftOfOthers(StateId) is var left && left > TimeSpan.Zero)
        {
            _waitsForOthers = true;
            Timers.StartSingleTimer(OthersLoansEnded.Instance, OthersLoansEnded.Instance, left);
        }
    }

    private void AwaitConfirmation()
    {
        if (!ReplyWhenConfirmed())
        {
            BecomeStacked(Await);
            _isAwaiting = true;
        }
    }

    // The next change waits until every node has this one.
    private void Await()
    {
        Command<IBorrow>(Lend);
        Command<Returned>(OnReturned);
        Command<LoansEnded>(_ => ReplyWhenConfirmed());
        Command<OthersLoansEnded>(_ => EndOthersLoans());
        CommandAny(_ => Stash.Stash());
    }

    private void Lend(IBorrow borrow)
    {
        // A node that asks by the latest revision serves it, even if its answer to it was lost.
        if (borrow.Known == LastSequenceNr && _unconfirmed.Remove(Sender))
        {
            ReplyWhenConfirmed();
        }

        if (!Sender.Path.Address.HasLocalScope && _loans.LendLong(StateId, Sender) is var loan && loan > TimeSpan.Zero)
        {
            Sender.Tell(ToLent(LastSequenceNr, loan, borrow.Asked, borrow.Known == LastSequenceNr));
        }
    }

    private void SendToBorrowers()
    {
        foreach (var borrower in _loans.Open(StateId).Borrowers)
        {
            _unconfirmed.Add(borrower);
            borrower.Tell(ToLent(LastSequenceNr, TimeSpan.Zero, asked: 0, isKnown: false));
        }
    }

    private void OnReturned(Returned returned)
    {
        if (returned.Number == LastSequenceNr)
        {
            _unconfirmed.Remove(Sender);
            ReplyWhenConfirmed();
        }
    }

    private void EndOthersLoans()
    {
        _waitsForOthers = false;
        ReplyWhenConfirmed();
    }

    private bool ReplyWhenConfirmed()
    {
        var (borrowers, left) = _loans.Open(StateId);
        _unconfirmed.IntersectWith(borrowers);
        if (_unconfirmed.Count > 0)
        {
            Timers.StartSingleTimer(LoansEnded.Instance, LoansEnded.Instance, left);
        }

        if (_unconfirmed.Count > 0 || _waitsForOthers)
        {
            return false;
        }

        if (_waits is { } waits)
        {
            // What is stored was stored by this node's right to; a refusal may go by what another node has changed since.
            waits.Asker.Tell(waits.IsRefusal && !_loans.MaySpeak(StateId) ? _failed : waits.Reply);
            _waits = null;
        }

        if (_isAwaiting)
        {
            _isAwaiting = false;
            UnbecomeStacked();
            Stash.UnstashAll();
        }

        return true;
    }

    private sealed class LoansEnded : INoSerializationVerificationNeeded
    {
        public static LoansEnded Instance { get; } = new();
    }

    private sealed class OthersLoansEnded : INoSerializationVerificationNeeded
    {
        public static OthersLoansEnded Instance { get; } = new();
    }
}
