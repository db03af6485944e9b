using System.Diagnostics;
using Faas.Actors.Runs.Kept;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs;

/// <summary>Answers a call with <c>Prefer: respond-async</c>: the run is stored, and executed when its turn comes.</summary>
public sealed class AsyncRun(AcceptRun accept, KeptRunsOptions kept, TimeProvider time)
{
    /// <summary>Throws <see cref="ProblemException"/> for what only asynchronous calls may say.</summary>
    public static void CheckOfOthers(CallRequest call)
    {
        if (call.Priority is not null || call.NotBefore is not null)
        {
            var member = call.Priority is not null ? "priority" : "notBefore";
            throw ProblemException.Malformed(
                $"\"{member}\" is for asynchronous calls, which have the header \"{Preferences.Header}: {Preferences.RespondAsync}\".");
        }
    }

    /// <summary>Stores the run and answers 202, or answers why not.</summary>
    public async Task AnswerAsync(HttpContext context, RunScriptRequest request, CallRequest call)
    {
        if (!kept.Enabled)
        {
            throw new ProblemException(FaasProblems.AsyncUnsupported);
        }

        if (call.Stream || call.Files.Count > 0)
        {
            throw ProblemException.Malformed(
                call.Stream ? "An asynchronous call has no \"stream\"." : "An asynchronous call brings no files.");
        }

        var received = time.GetUtcNow() - Stopwatch.GetElapsedTime(CallRecord.Of(context).Begun);
        var terms = new AcceptedTerms(call.Priority ?? KeptCall.UsualPriority, call.NotBefore, context.CallerOfKey(), received);
        var (run, refusal) = await accept.ExecuteAsync(request, terms, context.RequestAborted);
        if (run is null)
        {
            await ProblemWriter.WriteAsync(context, FaasProblems.Of(refusal!));
            return;
        }

        CallRecord.Of(context).Version = run.Version;
        await AcceptedReply.WriteAsync(context, run);
    }
}
