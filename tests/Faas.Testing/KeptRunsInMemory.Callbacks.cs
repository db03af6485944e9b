using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;

namespace Faas.Testing;

/// <summary>
/// The callbacks of its runs: what is due has no order and no time, and a lease ends when <see cref="EndLeases"/> says so.
/// </summary>
public sealed partial class KeptRunsInMemory : ICallbacks
{
    private readonly Dictionary<string, int> _sending = [];
    private int _callbackTakes;

    /// <summary>How often a server has asked for a callback, those times among them when the store failed.</summary>
    public int CallbackTakes => Volatile.Read(ref _callbackTakes);

    /// <summary>Every lease is over.</summary>
    public void EndLeases()
    {
        lock (_gate)
        {
            _sending.Clear();
        }
    }

    /// <inheritdoc/>
    public Task<CallbackTurn> TakeAsync(TimeSpan lease, CancellationToken cancellation)
    {
        var turn = DoAsync(() =>
        {
            if (_runs.Find(run => run is { Stage: RunStage.Ended, Callback.State: CallbackState.Pending } && !_sending.ContainsKey(run.Id))
                is not { } due)
            {
                return default;
            }

            var attempt = _sending[due.Id] = due.Callback!.Attempts + 1;
            Change(due.Id, run => run with { Callback = due.Callback with { Attempts = attempt } });
            return new CallbackTurn(due.Id, attempt, null);
        });
        Interlocked.Increment(ref _callbackTakes);
        return turn;
    }

    /// <inheritdoc/>
    public Task<bool> NoteAsync(string id, int attempt, CallbackNote note, CancellationToken cancellation) => DoAsync(() =>
    {
        if (_sending.GetValueOrDefault(id) != attempt)
        {
            return false;
        }

        _sending.Remove(id);
        Change(id, run => run with { Callback = run.Callback! with { State = note.State, Last = note.Answer } });
        return true;
    });

    /// <inheritdoc/>
    public Task<CallbackRenewal> SendAgainAsync(string id, CancellationToken cancellation) => DoAsync(() =>
    {
        switch (_runs.Find(run => run.Id == id))
        {
            case null:
                return CallbackRenewal.Unknown;
            case { Call.Callback: null } or { Stage: RunStage.Ended, Callback: null }:
                return CallbackRenewal.None;
            case { Stage: not RunStage.Ended }:
                return CallbackRenewal.Early;
            case { Callback.State: CallbackState.Skipped }:
                return CallbackRenewal.Skipped;
            default:
                Change(id, run => run with { Callback = CallbackDelivery.Waiting with { Last = run.Callback!.Last } });
                return CallbackRenewal.Due;
        }
    });

    private static KeptRun? Shown(KeptRun? run) =>
        run is { Call.Callback: not null, Callback: null } ? run with { Callback = CallbackDelivery.Waiting } : run;

    // Each change of a run passes here, so the callback of one that ends becomes due.
    private static KeptRun WithCallback(KeptRun run) => run is not { Call.Callback: { } asked, Callback: null } ? run
        : run is { End: { } end } && asked.On is { } on && (on == CallbackOutcome.Ok) != (end.Reason == "ok")
            ? run with { Callback = CallbackDelivery.Waiting with { State = CallbackState.Skipped } }
        : run.Stage == RunStage.Ended ? run with { Callback = CallbackDelivery.Waiting }
        : run;
}
