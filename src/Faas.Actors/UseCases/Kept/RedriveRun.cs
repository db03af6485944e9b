using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Kept;

/// <summary>Who runs a run again.</summary>
/// <param name="CallId">The id of the call that asks for it.</param>
/// <param name="Key">The name of the caller's key; null: it has none.</param>
/// <param name="Caller">Who the caller is; null: it has no key.</param>
/// <param name="Version">The version that runs; null: that of the run.</param>
/// <param name="Received">When the call came.</param>
/// <param name="IsFor">Whether the caller's key is for a script.</param>
public sealed record Redrive(
    string CallId, string? Key, string? Caller, VersionRef? Version, DateTimeOffset Received, Func<string, bool> IsFor);

/// <summary>
/// Has a run that has ended run again, as a new asynchronous run with the same input, priority and chain. The record of the old run names
/// the new one, and a run is redriven once: the step that adds the new run to the queue notes that in the old one's record.
/// </summary>
public sealed class RedriveRun(AcceptRun accept, IKeptRuns runs, KeptSignal signal)
{
    // The first page is usually enough. A later one is larger, because few records match the filter or many of those that do are refused.
    private const int LaterPage = 500;

    /// <summary>Redrives one run; the result is the new run, or why there is none.</summary>
    /// <param name="old">The run, with its input.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run may be redriven all the same.</param>
    public async Task<OrRefusal<AcceptedRun>> ExecuteAsync(KeptRun old, Redrive by, CancellationToken cancellation)
    {
        if (old.Stage != RunStage.Ended)
        {
            return Refusal.Conflict($"The run \"{old.Id}\" has not ended.");
        }

        if (old.Call.Then?.All.FirstOrDefault(to => !by.IsFor(to.Path)) is { } foreign)
        {
            return Refusal.Conflict($"The run \"{old.Id}\" hands on to the script \"{foreign.Path}\", for which the caller's key is not.");
        }

        var version = by.Version ?? new VersionRef(old.Call.Version);
        var arguments = new RunArguments(by.CallId, old.Input, Key: by.Key);
        var terms = new KeptTerms(old.Call.Priority, NotBefore: null, by.Caller, by.Received)
        {
            Schedule = old.Call.Schedule,
            Then = old.Call.Then,
            Callback = old.Call.Callback,
        };
        var (asked, refusal) = await accept.PrepareAsync(new RunScriptRequest(old.Call.Path, version, arguments), terms, cancellation);
        if (asked is null)
        {
            return refusal!;
        }

        asked = asked with { Redrives = old.Id, Previous = old.Call.Previous, Depth = old.Call.Depth };
        var id = KeptIds.Next(by.CallId);
        try
        {
            var claim = await runs.RedriveAsync(old.Id, id, asked, old.Input, cancellation);
            if (claim.Acceptance != KeptAcceptance.Accepted)
            {
                return accept.Full(claim.Acceptance, old.Call.Path);
            }

            if (claim.Id != id)
            {
                return Refusal.Conflict($"The run \"{old.Id}\" was redriven already, as \"{claim.Id}\".");
            }
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer, so it is not certain whether the run was redriven.");
        }

        signal.Set();
        return new AcceptedRun(id, asked.Version, IsEarlier: false);
    }

    /// <summary>
    /// Redrives the dead letters that match the filter, the newest first. It ends when <paramref name="most"/> of them run again, when the
    /// queue has no room for one, or when it has seen all records. Those that are refused do not count, so that another call gets further.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="most">The most runs that run again.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; those that were redriven stay so.</param>
    public async Task<RedrivenRuns> ExecuteAsync(RunFilter filter, int most, Redrive by, CancellationToken cancellation)
    {
        var dead = filter with { IsDead = true };
        List<(string Old, string New)> redriven = [];
        List<(string Old, Refusal Why)> refused = [];
        long? next = null;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            (var page, next) = await runs.PageAsync(dead, next is null ? most : Math.Max(most, LaterPage), next, cancellation);
            foreach (var one in page)
            {
                if (redriven.Count == most)
                {
                    return new RedrivenRuns(redriven, refused, HasMore: true);
                }

                if (await runs.FindAsync(one.Id, cancellation) is not { } old)
                {
                    continue; // forgotten meanwhile
                }

                var (run, refusal) = await ExecuteAsync(old, by, cancellation);
                if (run is not null)
                {
                    redriven.Add((old.Id, run.Id));
                    continue;
                }

                refused.Add((old.Id, refusal!));
                if (refusal!.Reason is Runs.Reply.RefusalReason.QueueFull or Runs.Reply.RefusalReason.Store)
                {
                    return new RedrivenRuns(redriven, refused, HasMore: true);
                }
            }
        }
        while (next is not null && redriven.Count < most);

        return new RedrivenRuns(redriven, refused, next is not null);
    }
}

/// <summary>What came of redriving many runs.</summary>
/// <param name="Redriven">Runs, and those that took their place.</param>
/// <param name="Refused">Runs that were not redriven, and why.</param>
/// <param name="HasMore">Whether there may be more that the filter means: as many run again as may, or there is no room for one.</param>
public sealed record RedrivenRuns(
    IReadOnlyList<(string Old, string New)> Redriven, IReadOnlyList<(string Old, Refusal Why)> Refused, bool HasMore);
