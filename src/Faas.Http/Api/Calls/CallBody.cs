using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Takes a call from a request's body.</summary>
public static class CallBody
{
    /// <summary>The call; throws <see cref="ProblemException"/>. Where no member is required, no body is as good as <c>{}</c>.</summary>
    public static async Task<CallRequest> ReadAsync(HttpRequest request, CallMembers members, HttpOptions limits)
    {
        var call = (members & (CallMembers.Files | CallMembers.Sources)) != 0 && MultipartBody.Is(request)
            ? await ReadMultipartAsync(request, members, limits)
            : await ReadJsonAsync(request, members, limits);
        string[] known = members == CallMembers.Run ? [ScriptUrl.Version] : [];
        request.HttpContext.Response.SetWarnings([.. UnknownName.InQuery(request.Query, known), .. call.Warnings]);
        return call;
    }

    private static async Task<CallRequest> ReadJsonAsync(HttpRequest request, CallMembers members, HttpOptions limits)
    {
        using var body = await RequestBody.ReadAsync(request, limits);
        CallRecord.Of(request.HttpContext).InputBytes = body.Bytes.Length;
        return body.Bytes.IsEmpty && members == CallMembers.Run
            ? new CallRequest()
            : CallReader.Read(body.Bytes, members, limits.CodeMaxBytes, CeilingsOf(request), limits.Files);
    }

    private static async Task<CallRequest> ReadMultipartAsync(HttpRequest request, CallMembers members, HttpOptions limits)
    {
        var ceilings = CeilingsOf(request);
        var files = new CallFiles(limits.Files);
        var sources = new CallSources(ceilings.SourceFiles, limits.CodeMaxBytes);
        var fields = await MultipartBody.ReadAsync(request, members, limits, files, sources);
        CallRecord.Of(request.HttpContext).InputBytes = fields.Length + files.Bytes + sources.Bytes;
        return CallReader.Read(fields.Span, members, limits.CodeMaxBytes, ceilings, limits.Files, files, sources);
    }

    private static SettingCeilings CeilingsOf(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<UseCaseOptions>().Ceilings;
}
