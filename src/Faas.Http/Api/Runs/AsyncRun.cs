using System.Diagnostics;
using System.Text;
using Faas.Actors.Runs.Kept;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs;

/// <summary>
/// Answers a call with <c>Prefer: respond-async</c>: the run is stored, and executed when its turn comes. With <c>wait=N</c>, also alone, a
/// run that ends in time is answered as a call without these is; the answer is made of its record.
/// </summary>
public sealed class AsyncRun(AcceptRun accept, AwaitKeptRun wait, KeptRunsOptions kept, TimeProvider time)
{
    /// <summary>Throws <see cref="ProblemException"/> for what only asynchronous calls may say.</summary>
    public static void CheckOfOthers(CallRequest call)
    {
        var asked = call.Priority is not null ? "priority"
            : call.NotBefore is not null ? "notBefore"
            : call.Then is not null ? "then"
            : null;
        if (asked is { } member)
        {
            throw ProblemException.Malformed(
                $"\"{member}\" is for asynchronous calls, which have the header \"{Preferences.Header}: {Preferences.RespondAsync}\".");
        }
    }

    /// <summary>Throws <see cref="ProblemException"/> for what only calls may say whose runs are kept.</summary>
    public static void CheckOfUnkept(CallRequest call)
    {
        if (call.Callback is not null)
        {
            throw ProblemException.Malformed(
                $"\"{CallbackMember.Name}\" is for calls whose runs are kept: with the header \"{Preferences.Header}: "
                + $"{Preferences.RespondAsync}\" or \"{IdempotencyKeys.Header}\", or with \"keep\".");
        }
    }

    /// <summary>Throws <see cref="ProblemException"/> for a call that does not want a record and must have one.</summary>
    /// <param name="call">The call.</param>
    /// <param name="what">What such a call is, as the beginning of a sentence.</param>
    public static void CheckMayKeep(CallRequest call, string what)
    {
        if (call.Keep == false)
        {
            throw ProblemException.Malformed($"{what} is always kept; \"keep\" must not be false.");
        }
    }

    /// <summary>Throws <see cref="ProblemException"/> unless this server keeps runs.</summary>
    public static void CheckKeeps(KeptRunsOptions kept)
    {
        if (!kept.Enabled)
        {
            throw new ProblemException(FaasProblems.AsyncUnsupported);
        }
    }

    /// <summary>
    /// Throws <see cref="ProblemException"/> unless a run may hand on so: the chain is short enough, and the caller's key is for all of its
    /// scripts.
    /// </summary>
    public static void CheckThen(HttpContext context, KeptThen? then, KeptRunsOptions kept)
    {
        if (then?.Levels is { } levels && levels > kept.ChainDepth)
        {
            throw ProblemException.Malformed(
                $"\"then\" is nested {levels} levels deep; allowed are {kept.ChainDepth} ({KeptRunsOptions.ChainDepthKey}).");
        }

        foreach (var to in then?.All ?? [])
        {
            context.CheckKeyIsFor(to.Path);
        }
    }

    /// <summary>When the request came.</summary>
    public static DateTimeOffset ReceivedOf(HttpContext context, TimeProvider time) =>
        time.GetUtcNow() - Stopwatch.GetElapsedTime(CallRecord.Of(context).Begun);

    /// <summary>Where the record of a run is.</summary>
    public static string LocationOf(string id) => $"/api/v1/runs/{Uri.EscapeDataString(id)}";

    /// <summary>What the request says about a kept run. Throws <see cref="ProblemException"/>.</summary>
    public static KeptTerms TermsOf(HttpContext context, RunScriptRequest request, CallRequest call, TimeProvider time) => new(
        call.Priority ?? KeptCall.UsualPriority,
        call.NotBefore,
        context.CallerOfKey(),
        ReceivedOf(context, time))
    {
        Callback = CallbackMember.Permitted(context, call.Callback),
        Once = IdempotencyKeys.Of(context.Request) is not { } key ? null : KeptOnce.Of(
            context.CallerOfKey(),
            request.Path,
            key,
            [
                $"{request.Version.Number}", request.Version.Alias, $"{call.Priority}", $"{call.NotBefore:O}",
                .. ThenOf(call), .. CallbackOf(call),
            ],
            request.Arguments.Input),
        Then = call.Then,
    };

    // A call that hands nothing on has the print that it had before there were chains.
    private static IEnumerable<string> ThenOf(CallRequest call) =>
        call.Then is { } then ? [Encoding.UTF8.GetString(KeptJson.BytesOf(then))] : [];

    private static IEnumerable<string> CallbackOf(CallRequest call) =>
        call.Callback is { } callback ? [callback.Url, $"{callback.Format}", $"{callback.On}"] : [];

    /// <summary>
    /// Whether a call is asynchronous: it says so; or it says how long its client waits, and nothing that forbids it. A preference that
    /// cannot be followed is ignored (RFC 7240, section 2).
    /// </summary>
    public bool IsMeant(HttpRequest request, CallRequest call) =>
        Preferences.WantsAsync(request)
        || (kept.Enabled && call.Keep != false && !call.Stream && call.Files.Count == 0 && Preferences.HasWait(request));

    /// <summary>Stores the run and answers 202, or answers why not.</summary>
    public async Task AnswerAsync(HttpContext context, RunScriptRequest request, CallRequest call)
    {
        CheckKeeps(kept);
        if (call.Stream || call.Files.Count > 0)
        {
            throw ProblemException.Malformed(
                call.Stream ? "An asynchronous call has no \"stream\"." : "An asynchronous call brings no files.");
        }

        CheckMayKeep(call, "An asynchronous call");
        CheckThen(context, call.Then, kept);
        var terms = TermsOf(context, request, call, time);
        var (run, refusal) = await accept.ExecuteAsync(request, terms, context.RequestAborted);
        if (run is null)
        {
            await ProblemWriter.WriteAsync(context, FaasProblems.Of(refusal!));
            return;
        }

        CallRecord.Of(context).Version = run.Version;
        var seconds = Preferences.SecondsOf(context.Request.Headers[Preferences.Header]);
        context.Response.Headers[Preferences.AppliedHeader] = Preferences.AppliedOf(context.Request.Headers[Preferences.Header]);
        context.Response.Headers.Location = LocationOf(run.Id);
        var ended = seconds is { } patience
            ? await wait.ExecuteAsync(run.Id, TimeSpan.FromSeconds(patience), context.RequestAborted)
            : null;
        if (ended is { End.ResultCut: not true })
        {
            await (run.IsEarlier ? EndedReply.ReplayAsync(context, ended, call) : EndedReply.WriteAsync(context, ended, call));
            return;
        }

        if (run.IsEarlier)
        {
            context.Response.Headers[CallHeaders.IdempotencyReplayed] = "true";
        }

        var stage = seconds is null ? run.Stage : ended?.Stage ?? await wait.StageAsync(run.Id, context.RequestAborted) ?? run.Stage;
        await AcceptedReply.WriteAsync(context, run, stage);
    }
}
