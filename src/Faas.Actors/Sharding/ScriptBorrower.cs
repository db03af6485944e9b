using Akka.Actor;
using Faas.Actors.Lending;
using Faas.Actors.Scripts.Registry;

namespace Faas.Actors.Sharding;

/// <summary>
/// Borrows scripts from their actors for this node. Loans and recalls of a script come from its actor to this one, in their order; so a
/// loan that was recalled is never served, and none is returned before it has come.
/// </summary>
public sealed class ScriptBorrower : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_betweenSweeps = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);
    private readonly BorrowedScripts _borrowed;
    private readonly IActorRef _scripts;
    private readonly LoanBook _lent;
    private readonly TimeProvider _time;

    /// <summary>Made by the actor system.</summary>
    /// <param name="borrowed">Has what is borrowed.</param>
    /// <param name="scripts">The way to every script's actor.</param>
    /// <param name="lent">What this node has lent, of which it forgets what has ended.</param>
    /// <param name="time">The clock of the loans.</param>
    public ScriptBorrower(BorrowedScripts borrowed, IActorRef scripts, LoanBook lent, TimeProvider time)
    {
        (_borrowed, _scripts, _lent, _time) = (borrowed, scripts, lent, time);
        Receive<Wanted>(wanted => Ask(wanted.Path));
        Receive<ScriptLent>(lent =>
        {
            _asked.Remove(lent.Id);
            _borrowed.Borrow(lent);
        });
        Receive<Recall>(recall =>
        {
            _borrowed.Return(recall.Id);
            Sender.Tell(new Returned(recall.Id, recall.Number));
        });
        Receive<Sweep>(_ => Forget());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        var self = Self;
        _borrowed.Want = path => self.Tell(new Wanted(path));
        Timers.StartPeriodicTimer(Sweep.Instance, Sweep.Instance, s_betweenSweeps);
    }

    private void Ask(string path)
    {
        var now = _time.GetTimestamp();
        if (!_asked.TryGetValue(path, out var asked) || _time.GetElapsedTime(asked, now) > s_askAgainAfter)
        {
            _asked[path] = now;
            _scripts.Tell(new BorrowScript(path, now));
        }
    }

    private void Forget()
    {
        var now = _time.GetTimestamp();
        foreach (var (path, asked) in _asked)
        {
            if (_time.GetElapsedTime(asked, now) > s_askAgainAfter)
            {
                _asked.Remove(path);
            }
        }

        _borrowed.ForgetEnded();
        _lent.ForgetEnded();
    }

    private sealed record Wanted(string Path) : INoSerializationVerificationNeeded;

    private sealed class Sweep : INoSerializationVerificationNeeded
    {
        public static Sweep Instance { get; } = new();
    }
}
