using System.Text.Json;
using System.Text.Json.Serialization;
using Faas.Actors.Runs.Recent;
using Faas.Actors.UseCases.Kept;
using Faas.Http.Wire;

namespace Faas.Http.Api.Runs;

/// <summary>The answer (202) to a call whose run is executed when its turn comes.</summary>
/// <param name="Id">The run's id, by which its record is found.</param>
/// <param name="State">How far it has come.</param>
public sealed record AcceptedReply(string Id, RunStage State)
{
    /// <summary>Writes it; where the record is, the caller has said.</summary>
    public static async Task WriteAsync(HttpContext context, AcceptedRun run, RunStage stage)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new AcceptedReply(run.Id, stage), AcceptedJson.Default.AcceptedReply);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.SetVersion(run.Version);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}

/// <summary>JSON of the answer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AcceptedReply))]
internal sealed partial class AcceptedJson : JsonSerializerContext;
