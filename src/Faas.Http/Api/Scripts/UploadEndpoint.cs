using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire;

namespace Faas.Http.Api.Scripts;

/// <summary><c>POST /upload</c>: compile, check the syntax in a sandbox, publish.</summary>
public sealed class UploadEndpoint(Compiler compiler, Invoker invoker, ScriptStore scripts, FaasOptions options)
{
    /// <summary>Answers <c>{"path","language","version"}</c>.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var call = await CallBody.ReadAsync(context.Request, CallMembers.Upload, options.Http);
        var code = await compiler.CompileAsync(call, context.RequestAborted);
        await invoker.CheckAsync(context, code, call.Path, call.Isolation ?? options.Scripts.Isolation);
        var version = await scripts.PublishAsync(call.Path, code, call.Isolation, context.RequestAborted);
        context.Response.SetVersion(version);
        await JsonReply.WriteAsync(context.Response, call.Path, call.Language, version);
    }
}
