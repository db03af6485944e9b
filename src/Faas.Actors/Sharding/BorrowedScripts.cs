using System.Collections.Concurrent;
using Faas.Actors.Lending;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Registry;

namespace Faas.Actors.Sharding;

/// <summary>
/// What a node of a cluster knows about scripts: those whose actors run here, and those that it has borrowed from other nodes.
/// <para>
/// Theory of operation. A script that is not known here is asked for (<see cref="ScriptBorrower"/>) while the call that wants it asks the
/// script's actor; so the next call finds it. One that is used is asked for again when half of its loan is over. A loan ends by itself, or
/// when the script's actor recalls it because the script changes.
/// </para>
/// </summary>
public sealed class BorrowedScripts(LiveScripts live, TimeProvider time) : IScriptReads
{
    private readonly ConcurrentDictionary<string, Loan> _loans = new(StringComparer.Ordinal);

    /// <summary>Is told of each script that is to be borrowed. Set before the first call.</summary>
    public Action<string> Want { get; set; } = _ => { };

    /// <inheritdoc/>
    public ScriptState? Find(string path) => live.Find(path) ?? FindBorrowed(path);

    /// <inheritdoc/>
    public ScriptState? FindCertain(string path) => live.FindCertain(path) ?? FindBorrowed(path);

    /// <summary>The node has borrowed a script.</summary>
    public void Borrow(ScriptLent lent)
    {
        if (lent.ToState() is { } script)
        {
            var ticks = time.Of(lent.For);
            _loans[lent.Id] = new Loan(script, lent.Asked + (ticks / 2), lent.Asked + ticks);
        }
        else
        {
            Return(lent.Id);
        }
    }

    /// <summary>The script is served no longer.</summary>
    public void Return(string path) => _loans.TryRemove(path, out _);

    /// <summary>Forgets the scripts whose loans have ended.</summary>
    public void ForgetEnded()
    {
        var now = time.GetTimestamp();
        foreach (var loan in _loans.Where(loan => loan.Value.End <= now))
        {
            _loans.TryRemove(loan);
        }
    }

    private ScriptState? FindBorrowed(string path)
    {
        var now = time.GetTimestamp();
        if (!_loans.TryGetValue(path, out var loan) || loan.End <= now)
        {
            Want(path);
            return null;
        }

        if (loan.Half <= now)
        {
            Want(path);
        }

        return loan.State;
    }

    private sealed record Loan(ScriptState State, long Half, long End);
}
