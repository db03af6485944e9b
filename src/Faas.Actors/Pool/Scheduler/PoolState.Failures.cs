using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <content>
/// What becomes of the promises when a start fails. One of them is broken: the call fails, unless a sandbox that is
/// bound to its code may still serve it. Then it stays in line without supply (*stranded*), and counts as queued.
/// </content>
public sealed partial class PoolState
{
    private readonly int[] _stranded = new int[s_runtimes.Length];

    /// <summary>The runtime with the most failed starts since one that worked; null: every runtime's last start worked.</summary>
    private Runtime? Failing => s_runtimes.MaxBy(runtime => _backoff[(int)runtime].FailedStarts) is var worst && _backoff[(int)worst].FailedStarts > 0 ? worst : null;

    private void SupplyFailed(Runtime runtime, string why, TimeSpan now)
    {
        _backoff[(int)runtime].StartFailed(why, now);
        if (Owed(runtime) <= _sandboxes.StartingOf(runtime).Count)
        {
            return;
        }

        _stranded[(int)runtime]++;
        AbandonHopeless(runtime, why);
        if (_stranded[(int)runtime] > 0 && Unsupplied > options.Queue)
        {
            Break(_waiting.PromisedOf(runtime).First!.Value, why);
        }
    }

    /// <summary>Fails as many stranded calls as no sandbox will ever serve.</summary>
    private void AbandonHopeless(Runtime runtime, string why)
    {
        if (_stranded[(int)runtime] == 0)
        {
            return;
        }

        var hopeless = _waiting.PromisedOf(runtime).Where(IsHopeless).ToList();
        foreach (var call in hopeless.Take(hopeless.Count - Owed(runtime)))
        {
            Break(call, why);
        }
    }

    private bool IsHopeless(PooledRun call) => call.Code is not { } code || !_sandboxes.HasBound(code);

    private void Break(PooledRun call, string why) => Leave(call, new RunEnded(call.RunId, Outcome.Broken(why)));
}
