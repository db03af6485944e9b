namespace Faas.Actors.Lending;

/// <summary>
/// A small durable state, readable from any thread. Its actor shows it here, if it runs on this node; else this node has borrowed it.
/// When its actor ends, the node goes on with the state as if it had borrowed it at that moment.
/// </summary>
/// <param name="id">The state.</param>
/// <param name="empty">The state without any event.</param>
/// <param name="authority">Says whether what the actor has shown may be served.</param>
/// <param name="time">Says whether a loan has ended.</param>
public abstract class LiveState<TState>(string id, TState empty, IAuthority authority, TimeProvider time)
    where TState : class
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Shown? _shown = authority is SoleAuthority ? new Shown(empty, 0, authority.Term(id)) : null;
    private volatile Loan? _loan;

    /// <summary>
    /// The state; null: this node does not know it, because it has not been read yet, or because its actor runs on a node that this one
    /// does not reach.
    /// </summary>
    public TState? Current
    {
        get
        {
            var loan = _loan; // read first: Show replaces it last
            return _shown is { } shown && authority.Holds(id, shown.Term) ? shown.State
                : loan is not null && loan.End > time.GetTimestamp() ? loan.State
                : null;
        }
    }

    /// <summary>The revision of the state that was borrowed last; null: none.</summary>
    public long? Borrowed => _loan?.Revision;

    /// <summary>Ends when this node has known the state for the first time.</summary>
    public Task IsKnown => _known.Task;

    /// <summary>The state's actor shows it.</summary>
    /// <param name="state">The state.</param>
    /// <param name="revision">The number of its last event.</param>
    public void Show(TState state, long revision)
    {
        if (authority.Term(id) is > 0 and var term)
        {
            _shown = new Shown(state, revision, term);
            _loan = null; // this node may not go back to it
            _known.TrySetResult();
        }
    }

    /// <summary>
    /// The state's actor ends. On a server of one node, the state stays in force until the next actor shows it.
    /// </summary>
    public void Hide()
    {
        if (authority is SoleAuthority || _shown is not { } shown)
        {
            return;
        }

        // The next actor waits for long loans if it runs on another node. On this node it shows its state before it acknowledges a change.
        if (authority.Holds(id, shown.Term))
        {
            _loan = new Loan(shown.State, shown.Revision, time.GetTimestamp(), time.GetTimestamp() + time.Of(LoanBook.Long));
        }

        _shown = null;
    }

    /// <summary>The node has borrowed the state, or was sent a new revision of it.</summary>
    /// <param name="lent">What it got.</param>
    /// <param name="state">The state; null: it is the one that this node has.</param>
    public void Borrow(Lent lent, TState? state)
    {
        var before = _loan;
        if (before is not null && lent.Revision < before.Revision && lent.Asked <= before.Asked)
        {
            return; // it was on its way for longer than what came after it
        }

        if ((state ?? (before?.Revision == lent.Revision ? before.State : null)) is { } now)
        {
            // Of a new revision that is sent by itself, the loan ends when that of the revision before does.
            _loan = lent.For > TimeSpan.Zero
                ? new Loan(now, lent.Revision, lent.Asked, lent.Asked + time.Of(lent.For))
                : new Loan(now, lent.Revision, before?.Asked ?? 0, before?.End ?? 0);
            _known.TrySetResult();
        }
    }

    private sealed record Shown(TState State, long Revision, long Term);

    private sealed record Loan(TState State, long Revision, long Asked, long End);
}
