using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases.Kept;

/// <summary>What is said about a kept run, beside what is said about every run.</summary>
/// <param name="Priority">Of an asynchronous one: 1 to 9.</param>
/// <param name="NotBefore">Of an asynchronous one: before this time it does not start; null: it may start at once.</param>
/// <param name="Caller">Who the caller is; null: it has no key.</param>
/// <param name="Received">When the call came.</param>
public sealed record KeptTerms(int Priority, DateTimeOffset? NotBefore, string? Caller, DateTimeOffset Received)
{
    /// <summary>Calls of one name have one run; null: this call has its own.</summary>
    public KeptOnce? Once { get; init; }

    /// <summary>What it hands on to; null: nothing.</summary>
    public KeptThen? Then { get; init; }

    /// <summary>The schedule that starts it; null: a call of <c>/run</c> does.</summary>
    public string? Schedule { get; init; }

    /// <summary>Of a task: for how many milliseconds after the call it is one; null: it is no task.</summary>
    public long? TaskTtl { get; init; }

    /// <summary>Whom the run tells that it has ended; null: no one.</summary>
    public KeptCallback? Callback { get; init; }
}

/// <summary>A run that the store has.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">The version that it will run.</param>
/// <param name="IsEarlier">Whether an earlier call has brought it.</param>
public sealed record AcceptedRun(string Id, long Version, bool IsEarlier)
{
    /// <summary>How far it had come when the store was asked.</summary>
    public RunStage Stage { get; init; } = RunStage.Queued;
}

/// <summary>
/// Accepts a run of a stored script, to be executed when its turn comes: the script and the version are found now, so a call for what is
/// not there is refused now, and an alias that moves later does not matter. Secrets, and what else may change, count when it starts.
/// </summary>
public sealed class AcceptRun(ScriptLookup scripts, UseCaseOptions options, KeptRunsOptions kept, IKeptRuns runs, KeptSignal signal)
{
    /// <summary>Accepts it, or says why not.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="terms">Its priority, the time before which it does not start, and its caller.</param>
    /// <param name="cancellation">Cancelled when the caller leaves; the run may be accepted all the same.</param>
    public async Task<OrRefusal<AcceptedRun>> ExecuteAsync(
        RunScriptRequest request, KeptTerms terms, CancellationToken cancellation)
    {
        var (call, refusal) = await PrepareAsync(request, terms, cancellation);
        if (call is null)
        {
            return refusal!;
        }

        if (await MissingAsync(terms.Then, cancellation) is { } missing)
        {
            return missing;
        }

        var (path, input) = (call.Path, request.Arguments.Input);
        var id = KeptIds.Next(request.Arguments.CallId);
        try
        {
            var claim = terms.Once is { } once
                ? await runs.ClaimAsync(id, once, call, input, seat: null, cancellation)
                : new KeptClaim(await runs.AcceptAsync(id, call, input, cancellation), id, IsSame: true);
            if (claim.Acceptance != KeptAcceptance.Accepted || !claim.IsSame)
            {
                return claim.IsSame ? Full(claim.Acceptance, path) : Refusal.OtherCall(claim.Id);
            }

            if (claim.Id != id)
            {
                return await EarlierAsync(claim.Id, cancellation) is { } run
                    ? new AcceptedRun(claim.Id, run.Call.Version, IsEarlier: true) { Stage = run.Stage }
                    : new AcceptedRun(claim.Id, call.Version, IsEarlier: true);
            }
        }
        catch (StoreException)
        {
            return Refusal.Store("The store does not answer, so it is not certain whether the run was accepted.");
        }

        signal.Set();
        return new AcceptedRun(id, call.Version, IsEarlier: false);
    }

    /// <summary>Finds the script and the version, and does not accept the run yet.</summary>
    /// <inheritdoc cref="ExecuteAsync"/>
    public async Task<OrRefusal<KeptCall>> PrepareAsync(RunScriptRequest request, KeptTerms terms, CancellationToken cancellation)
    {
        var (found, refusal) = await scripts.FindToRunAsync(request.Path, request.Version, request.HeaderOf, cancellation);
        refusal ??= RefusalOf(request.Path, found!, request.Arguments.Input.Length);
        return refusal is not null ? refusal : KeptCalls.Of(options, request, found!, terms) with
        {
            Asynchronous = true,
            Retry = found!.Version.Settings.Retry,
        };
    }

    /// <summary>Why a run cannot hand on to its destinations as they are now; null: it can.</summary>
    /// <param name="then">What it hands on to; null: nothing.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public async Task<Refusal?> MissingAsync(KeptThen? then, CancellationToken cancellation)
    {
        foreach (var to in then?.All ?? [])
        {
            var (_, refusal) = await scripts.FindToRunAsync(to.Path, to.VersionRef, headerOf: null, cancellation);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Why the store did not accept a run.</summary>
    /// <param name="acceptance">What it said; not <see cref="KeptAcceptance.Accepted"/>.</param>
    /// <param name="path">The script.</param>
    public Refusal Full(KeptAcceptance acceptance, string path) => KeptCalls.Full(acceptance, path, kept);

    // A run that is gone, or a store that is away since it has told of the run, costs the version and the stage, and not the answer.
    private async Task<KeptRun?> EarlierAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await runs.LookAsync(id, cancellation);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private Refusal? RefusalOf(string path, FoundScript found, int inputBytes) =>
        KeptCalls.RefusalOf(inputBytes, kept)
        ?? (options.Network.Refuse(options.RunSettingsOf(found.Version.Settings)) is { } unsupported ? unsupported
        : options.ImageRefusal(found.Version.Settings, found.Code.Runtime) is { } missing
            ? Refusal.NoImage(path, found.Version.Number, missing)
        : null);
}
