using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;

namespace Faas.Http.Api.Runs;

/// <summary><c>POST /run-now</c>: run code that is not stored, in a sandbox of its own.</summary>
public sealed class RunNowEndpoint(Compiler compiler, Invoker invoker, FaasOptions options)
{
    /// <summary>Answers <c>{"data","type"}</c> or an event stream.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var call = await CallBody.ReadAsync(context.Request, CallMembers.RunNow, options.Http);
        var code = await compiler.CompileAsync(call, context.RequestAborted);
        await invoker.RunAsync(context, code, Run.RunNowQueue, version: null, Isolation.Sandbox, call);
    }
}
