using Akka.Actor;
using Faas.Actors.Lending;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// The part of a script's actor that lends the script to the nodes of a cluster, and shows its changes when they have returned it.
/// <para>
/// Theory of operation. Changes are shown, and acknowledged, in the order in which they became durable. Each waits until every node has
/// returned what it had borrowed (<see cref="LoanBook"/>), or its loan has ended. The nodes are asked to as soon as a change is decided
/// on, so that they answer while the journal writes. A node that asks for the script while changes are under way gets it after the next
/// one that is shown. On a server of one node no node borrows, and nothing waits.
/// </para>
/// <para>
/// An actor whose predecessor was failed by the store may find that nodes still have what that one has lent. It keeps back every message
/// until they have returned it.
/// </para>
/// </summary>
public sealed partial class ScriptActor
{
    private readonly Queue<Change> _changes = new();
    private readonly List<(IActorRef Borrower, long Asked)> _borrowers = [];
    private readonly Dictionary<IActorRef, long> _recalled = [];
    private long _recalls;
    private int _decidedOn;

    private StoreUnavailable Elsewhere => new(
        _shown.Path,
        "This node may not speak for the script: its lease has ended, because Redis did not answer or another node is its home.");

    // What a change leads to is decided on before it is stored.
    private void RecallLoans()
    {
        _decidedOn++;
        _ = AreLoansReturned();
    }

    private void ShowWhenReturned(Change change)
    {
        _changes.Enqueue(change);
        ShowWhatIsReturned();
        if (_changes.Count > 0 && change.Asker is null)
        {
            BecomeStacked(KeepBack);
        }
    }

    private void ShowWhatIsReturned()
    {
        while (_changes.TryPeek(out var next) && (next.State is null || AreLoansReturned()))
        {
            _changes.Dequeue();
            Show(next);
        }

        LeaveWhenIdle(_leaving);
    }

    private void Show(Change change)
    {
        var before = _shown;
        if (change.State is { } state)
        {
            _shown = state;
            _live.Show(state, asUsed: change.Asker is not null && change.Reply is not ScriptImported);
        }

        if (change.Deletes)
        {
            _unused.Drop(before.Versions.Except(_shown.Versions), _durable, _decided, Self);
        }

        if (change is { Asker: { } asker, Reply: { } reply })
        {
            _decidedOn -= change.State is null ? 0 : 1;
            Reply(asker, _loans.MaySpeak(_shown.Path) ? reply : Elsewhere);
        }

        foreach (var (borrower, asked) in _borrowers)
        {
            LendTo(borrower, asked);
        }

        _borrowers.Clear();
    }

    private void Lend(BorrowScript borrow)
    {
        if (_decidedOn > 0)
        {
            _borrowers.Add((Sender, borrow.Asked));
        }
        else
        {
            LendTo(Sender, borrow.Asked);
        }
    }

    // A node that reads the live scripts of this process need not borrow.
    private void LendTo(IActorRef borrower, long asked)
    {
        var isNeeded = !_leaving && _shown.Latest is not null && !borrower.Path.Address.HasLocalScope;
        var loan = isNeeded ? _loans.LendShort(_shown.Path, borrower) : TimeSpan.Zero;
        var script = loan > TimeSpan.Zero ? _shown.ForCalls() : null;
        borrower.Tell(new ScriptLent(_shown.Path, LastSequenceNr, loan, asked, script?.Versions, script?.Traits));
        if (_decided.Latest is null)
        {
            AskToLeave();
        }
    }

    private void OnReturned(Returned returned)
    {
        // An answer that was on its way for long may be to an earlier recall, and the node may have borrowed the script again since.
        if (_recalled.TryGetValue(Sender, out var number) && number == returned.Number)
        {
            _recalled.Remove(Sender);
            _loans.Return(returned.Id, Sender);
            ShowWhatIsReturned();
        }
    }

    private bool AreLoansReturned()
    {
        var (borrowers, left) = _loans.Open(_shown.Path);
        if (borrowers.Count == 0)
        {
            _recalled.Clear();
            return true;
        }

        foreach (var borrower in borrowers)
        {
            if (_recalled.TryAdd(borrower, _recalls + 1))
            {
                borrower.Tell(new Recall(_shown.Path, ++_recalls));
            }
        }

        Timers.StartSingleTimer(LoansEnded.Instance, LoansEnded.Instance, left);
        return false;
    }

    private void KeepBack()
    {
        Command<Returned>(returned =>
        {
            OnReturned(returned);
            EndKeepingBack();
        });
        Command<LoansEnded>(_ =>
        {
            ShowWhatIsReturned();
            EndKeepingBack();
        });
        CommandAny(_ => Stash.Stash());
    }

    private void EndKeepingBack()
    {
        if (_changes.Count == 0)
        {
            UnbecomeStacked();
            Stash.UnstashAll();
        }
    }

    /// <summary>What is durable and not shown yet.</summary>
    /// <param name="State">The script after it; null: nothing has changed, and only a reply waits for its turn.</param>
    /// <param name="Reply">The reply; null: this is what was read at the start.</param>
    /// <param name="Asker">Who gets it.</param>
    private sealed record Change(ScriptState? State, IWithScriptPath? Reply, IActorRef? Asker)
    {
        /// <summary>Whether versions were deleted.</summary>
        public bool Deletes { get; init; }
    }

    private sealed class LoansEnded : INoSerializationVerificationNeeded
    {
        public static LoansEnded Instance { get; } = new();
    }
}
