using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;

namespace Faas.Http.Api.Scripts;

/// <summary>The body of <c>POST /upload</c>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">What the code is written in.</param>
/// <param name="Code">The code.</param>
/// <param name="Settings">What the author says about the version's runs.</param>
public sealed record UploadRequest(string Path, Language Language, string Code, ScriptSettings Settings)
{
    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="Wire.Problems.ProblemException"/>.</summary>
    public static async ValueTask<UploadRequest> BindAsync(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<HttpOptions>();
        var call = await CallBody.ReadAsync(context.Request, CallMembers.Upload, limits);
        return new UploadRequest(call.Path, call.Language, call.Code, new ScriptSettings(call.Isolation, call.Handler));
    }
}
