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
        using var body = await RequestBody.ReadAsync(request, limits);
        CallRecord.Of(request.HttpContext).InputBytes = body.Bytes.Length;
        var call = body.Bytes.IsEmpty && members == CallMembers.Run
            ? new CallRequest()
            : CallReader.Read(body.Bytes, members, limits.CodeMaxBytes, CeilingsOf(request));
        string[] known = members == CallMembers.Run ? [ScriptUrl.Version] : [];
        request.HttpContext.Response.SetWarnings([.. UnknownName.InQuery(request.Query, known), .. call.Warnings]);
        return call;
    }

    private static SettingCeilings CeilingsOf(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<UseCaseOptions>().Ceilings;
}
