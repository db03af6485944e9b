using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// <c>POST /mcp</c>: one message of a client, and its answer as an event stream.
/// <para>
/// Theory of operation. The protocol's library (<see cref="McpTransport"/>) reads and writes the messages; each request is served without
/// any state of an earlier one. What this server demands of every request comes first: where the page that sends it is from, the body's
/// type and size. The library is loaded and set up by the first request.
/// </para>
/// </summary>
public sealed class McpEndpoint(
    IServiceProvider services, CallsUnderWay calls, HttpOptions options, HttpMeters meters)
{
    private const int SessionBytes = 16;
    private const int MaxSession = 128;

    private readonly Lazy<RequestDelegate> _transport = new(() => McpTransport.Build(services));

    /// <summary>Answers the message.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        CheckOrigin(context.Request);
        CheckType(context.Request);
        using var body = await RequestBody.ReadAsync(context.Request, options);
        CallRecord.Of(context).InputBytes = body.Bytes.Length;
        var message = McpMessage.Read(body.Bytes);
        if (message is { Wrong: { } wrong, Id: { } request })
        {
            await RefuseAsync(context.Response, request, wrong);
            return;
        }

        var session = SessionOf(context.Request.Headers);
        if (message.Method == McpMessage.Initialize)
        {
            context.Response.Headers[CallHeaders.McpSession] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SessionBytes));
        }
        else if (message.Cancelled is { } id && session is not null)
        {
            calls.Cancel(new CallName(context.KeyName(), session, id));
        }

        using var call = calls.Begin(
            message is { Method: McpMessage.Call, Id: { } own } && session is not null
                ? new CallName(context.KeyName(), session, own)
                : null);
        context.Features.Set(call);
        context.Request.Body = new MemoryStream(body.Bytes.ToArray());
        context.Response.Body = new StalledWrites(context, options.StalledWriteTimeout, meters);
        await _transport.Value(context);
    }

    // JSON-RPC 2.0, section 5.1: invalid params.
    private static Task RefuseAsync(HttpResponse response, string id, string wrong)
    {
        CallRecord.Of(response.HttpContext).Reason = FaasProblems.Malformed(wrong).Reason;
        response.ContentType = "application/json";
        return response.WriteAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32602,"message":"{{{JsonEncodedText.Encode(wrong)}}}"}}""");
    }

    // The protocol asks for this check of every server, so it is made with keys, too.
    private void CheckOrigin(HttpRequest request)
    {
        if (ForeignPage.Sent(request, options.Access))
        {
            throw new ProblemException(FaasProblems.ForeignPage);
        }
    }

    private static void CheckType(HttpRequest request)
    {
        if (!BodyType.Of(request.ContentType).IsJson)
        {
            var sent = request.ContentType is { } type ? UnknownName.Quoted(type) : "missing";
            throw new ProblemException(FaasProblems.MediaType($"Content-Type is {sent}; it must be application/json."));
        }
    }

    // The library serves without sessions, and refuses a request that names one.
    private static string? SessionOf(IHeaderDictionary headers)
    {
        var session = headers[CallHeaders.McpSession] is [{ Length: > 0 and <= MaxSession } one] ? one : null;
        headers.Remove(CallHeaders.McpSession);
        return session;
    }
}
