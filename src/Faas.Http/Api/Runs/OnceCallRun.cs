using Faas.Actors.Runs.Kept;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs;

/// <summary>
/// Answers a call with an Idempotency-Key: the first as any other, once its record is written, and each later one by the record.
/// </summary>
public sealed class OnceCallRun(RunOnce once, AwaitKeptRun wait, KeptRunsOptions kept, TimeProvider time)
{
    /// <summary>Answers it. Throws <see cref="ProblemException"/>.</summary>
    public async Task AnswerAsync(HttpContext context, RunScriptRequest request, CallRequest call)
    {
        AsyncRun.CheckKeeps(kept);
        if (call.Stream || call.Files.Count > 0)
        {
            throw ProblemException.Malformed($"A call with \"{IdempotencyKeys.Header}\" has no \"{(call.Stream ? "stream" : "files")}\".");
        }

        AsyncRun.CheckMayKeep(call, $"A call with \"{IdempotencyKeys.Header}\"");
        var terms = AsyncRun.TermsOf(context, request, call, time);
        var done = await once.ExecuteAsync(request, terms, context.RequestAborted);
        var (result, id, why) = done;
        CallRecord.Of(context).Run = done.Call;
        if (id is not null)
        {
            context.Response.Headers.Location = AsyncRun.LocationOf(id);
        }

        if (result is null)
        {
            await AgainAsync(context, id!, call);
            return;
        }

        if (why is not null)
        {
            context.Response.SetWarnings([.. call.Warnings, why]);
        }

        await RunReply.WriteAsync(context, result, call);
    }

    private async Task AgainAsync(HttpContext context, string id, CallRequest call)
    {
        var prefer = context.Request.Headers[Preferences.Header];
        var seconds = Preferences.SecondsOf(prefer);
        if (seconds is not null)
        {
            context.Response.Headers[Preferences.AppliedHeader] = Preferences.AppliedOf(prefer);
        }

        var patience = TimeSpan.FromSeconds(seconds ?? 0);
        if (await wait.ExecuteAsync(id, patience, context.RequestAborted) is { } ended)
        {
            await EndedReply.ReplayAsync(context, ended, call);
            return;
        }

        throw new ProblemException(FaasProblems.KeyInUse(id));
    }
}
