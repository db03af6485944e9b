using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Faas.Http.Api.Runs;

/// <summary><c>POST /run/{path}?version=</c>: run a stored script.</summary>
public sealed class RunEndpoint(ScriptStore scripts, Invoker invoker, FaasOptions options)
{
    /// <summary>Answers <c>{"data","type"}</c> or an event stream.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var path = ScriptUrl.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var wanted = ScriptUrl.VersionOf(context.Request.Query);
        var call = await CallBody.ReadAsync(context.Request, CallMembers.Run, options.Http);
        var (version, code) = await scripts.FindAsync(path, wanted, context.RequestAborted);
        context.Response.SetVersion(version.Number);
        await invoker.RunAsync(context, code, path, version.Number, version.Isolation ?? options.Scripts.Isolation, call);
    }
}
