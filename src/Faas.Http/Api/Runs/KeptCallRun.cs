using Faas.Actors.Runs.Kept;
using Faas.Actors.UseCases;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs;

/// <summary>Answers a call with <c>"keep": true</c> as any other; the record of its run is written afterwards.</summary>
public sealed class KeptCallRun(KeepRun keep, KeptRunsOptions kept, TimeProvider time)
{
    /// <summary>Answers it; the Location says where the record will be. Throws <see cref="ProblemException"/>.</summary>
    public async Task AnswerAsync(HttpContext context, RunScriptRequest request, CallRequest call)
    {
        AsyncRun.CheckKeeps(kept);
        if (call.Stream)
        {
            throw ProblemException.Malformed("A call with \"keep\" has no \"stream\".");
        }

        var (result, id, why) = await keep.ExecuteAsync(request, AsyncRun.TermsOf(context, request, call, time), context.RequestAborted);
        if (id is not null)
        {
            context.Response.Headers.Location = AsyncRun.LocationOf(id);
        }

        if (why is not null)
        {
            context.Response.SetWarnings([.. call.Warnings, why]);
        }

        await RunReply.WriteAsync(context, result, call);
    }
}
