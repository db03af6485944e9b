using System.Collections.Concurrent;
using Akka.Actor;

namespace Faas.Actors.Lending;

/// <summary>
/// Which nodes have borrowed which states of this node, and until when.
/// <para>
/// Theory of operation. A node may serve a state from memory for as long as it has borrowed it. A change of the state is shown to a reader,
/// and acknowledged, only when no other node has it: each has returned it, or its loan has ended. So once a change was acknowledged, or
/// seen by one reader, no node serves what was before it. Loans outlive the actor that gave them, because an actor that the store has
/// failed ends at once: its successor finds them here. They do not outlive this process. A short loan need not: it never ends later than
/// the lease by which this node speaks for the state (<see cref="IAuthority"/>), and a lease that is given back early is kept for as long
/// as short loans are out (<see cref="LongestOf"/>). A long one may; so a successor on another node acknowledges no change before it has
/// ended (<see cref="IAuthority.LeftOfOthers"/>).
/// </para>
/// <para>
/// The lender counts a loan from the moment when it is given, the borrower from the moment when it asked, which is earlier; both by a clock
/// that only runs forward. So the borrower's loan ends first.
/// </para>
/// </summary>
public sealed class LoanBook(IAuthority authority, TimeProvider time)
{
    /// <summary>A short loan. A change waits this long at most for a node that does not answer.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    /// <summary>A long loan, which lets nodes go on while the one that has lent is replaced.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Dictionary<IActorRef, long>> _ends = new(StringComparer.Ordinal);

    /// <summary>Whether this node may speak for the state now.</summary>
    public bool MaySpeak(string id) => authority.Left(id) > TimeSpan.Zero;

    /// <summary>Lends a state for a short time.</summary>
    /// <returns>How long, from now; zero: this node may not speak for the state.</returns>
    public TimeSpan LendShort(string id, IActorRef borrower)
    {
        var left = authority.Left(id);
        return Lend(id, borrower, left < Short ? left : Short);
    }

    /// <summary>Lends a state for a long time.</summary>
    /// <returns>How long, from now; zero: this node may not speak for the state.</returns>
    public TimeSpan LendLong(string id, IActorRef borrower) => Lend(id, borrower, MaySpeak(id) ? Long : TimeSpan.Zero);

    /// <summary>For how long what another node has lent for long may still be out.</summary>
    public TimeSpan LeftOfOthers(string id) => authority.LeftOfOthers(id);

    /// <summary>For how long the last of the loans of these states is out.</summary>
    public TimeSpan LongestOf(Func<string, bool> ids) => _ends.Keys.Where(ids).Select(id => Open(id).Left).DefaultIfEmpty().Max();

    /// <summary>Forgets the loans that have ended.</summary>
    public void ForgetEnded()
    {
        foreach (var id in _ends.Keys)
        {
            Close(id);
        }
    }

    /// <summary>The borrower has the state no longer.</summary>
    public void Return(string id, IActorRef borrower)
    {
        if (_ends.TryGetValue(id, out var ends))
        {
            lock (ends)
            {
                ends.Remove(borrower);
            }
        }
    }

    /// <summary>Who has the state, and for how long the last of them has it.</summary>
    public (IReadOnlyList<IActorRef> Borrowers, TimeSpan Left) Open(string id)
    {
        if (!_ends.TryGetValue(id, out var ends))
        {
            return ([], TimeSpan.Zero);
        }

        var now = time.GetTimestamp();
        lock (ends)
        {
            foreach (var (borrower, end) in ends)
            {
                if (end <= now)
                {
                    ends.Remove(borrower);
                }
            }

            return ends.Count == 0
                ? ([], TimeSpan.Zero)
                : ([.. ends.Keys], time.GetElapsedTime(now, ends.Values.Max()));
        }
    }

    /// <summary>The state's actor ends; what is not lent is forgotten.</summary>
    public void Close(string id)
    {
        if (_ends.TryGetValue(id, out var ends))
        {
            lock (ends)
            {
                if (Open(id).Borrowers.Count == 0)
                {
                    _ends.TryRemove(KeyValuePair.Create(id, ends));
                }
            }
        }
    }

    private TimeSpan Lend(string id, IActorRef borrower, TimeSpan loan)
    {
        if (loan <= TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        while (true)
        {
            var ends = _ends.GetOrAdd(id, _ => []);
            lock (ends)
            {
                // It may have been forgotten by another thread since.
                if (_ends.TryGetValue(id, out var now) && ReferenceEquals(now, ends))
                {
                    ends[borrower] = time.GetTimestamp() + time.Of(loan);
                    return loan;
                }
            }
        }
    }
}
