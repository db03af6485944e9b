using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <content>
/// Whether a call waits for a busy sandbox of its own code, or has another made.
/// <para>
/// Theory of operation. Another sandbox costs its start, a fraction of a second of a processor that those who run need
/// too; where calls are short, a crowd of callers is served sooner by the sandboxes that there are. So, as who does not
/// know how often he will ski rents until the rent has come to the price: a call is *patient* for as long as a start
/// takes, if what calls of its code have lately taken says that one of its sandboxes will be free before that. It never
/// loses more than it would have by the start, and a code gets as many sandboxes as its concurrency is worth. A patient
/// call has a place in the queue; where there is none left it is not patient.
/// </para>
/// </content>
public sealed partial class PoolState
{
    /// <summary>The longest that a call is patient, however long starts take.</summary>
    public static readonly TimeSpan LongestPatience = TimeSpan.FromMilliseconds(500);

    // Taken for a start before one was seen.
    private static readonly TimeSpan s_assumedStart = TimeSpan.FromMilliseconds(100);

    /// <summary>Joins the patient, if there is a sandbox to wait for. One too many for those that there are makes the first of them the one that has another made.</summary>
    private bool TryWait(PooledRun call, TimeSpan now)
    {
        if (call.Code is not { } code || _sandboxes.WaitFor(code, _waiting.CountFor(code)) is not { } wait)
        {
            return false;
        }

        var isWorthIt = wait <= Patience(call.Runtime) && Unsupplied < options.Queue;
        var first = _waiting.FirstPatientFor(code);
        if (first is null && !isWorthIt)
        {
            return false;
        }

        _waiting.AddPatient(call);
        if (!isWorthIt)
        {
            Hurry(first!, now);
        }

        return true;
    }

    private TimeSpan Patience(Runtime runtime) => Earlier(LongestPatience, _demand[(int)runtime].Start ?? s_assumedStart);

    /// <summary>When the first of this runtime has been patient for long enough; null: nobody is.</summary>
    private TimeSpan? PatienceEnds(Runtime runtime) => _waiting.PatientOf(runtime).First?.Value.Arrived + Patience(runtime);

    private void EndPatience(TimeSpan now)
    {
        foreach (var runtime in s_runtimes)
        {
            while (PatienceEnds(runtime) <= now)
            {
                Hurry(_waiting.PatientOf(runtime).First!.Value, now);
            }
        }
    }

    /// <summary>Those who fill the queue are patient no longer: who has to leave it is settled among the lanes.</summary>
    private void EndAllPatience(TimeSpan now)
    {
        foreach (var runtime in s_runtimes)
        {
            while (_waiting.PatientOf(runtime).First?.Value is { } call)
            {
                Hurry(call, now);
            }
        }
    }

    /// <summary>A sandbox no longer serves this code; if it was the last, nobody waits for another.</summary>
    private void Unbound(string? code, TimeSpan now)
    {
        while (code is not null && !_sandboxes.HasBound(code) && _waiting.FirstPatientFor(code) is { } call)
        {
            Hurry(call, now);
        }
    }

    /// <summary>A patient call takes a spare, or joins its lane.</summary>
    private void Hurry(PooledRun call, TimeSpan now)
    {
        if (_sandboxes.SparesOf(call.Runtime).First?.Value is { } spare)
        {
            _waiting.Remove(call);
            Dispatch(spare, call, Warmth.Spare, now);
        }
        else
        {
            _waiting.EndPatience(call);
        }
    }
}
