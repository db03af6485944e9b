using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Http.Wire;
using Microsoft.OpenApi;

namespace Faas.Http.Api.OpenApi;

/// <summary>What the headers of answers mean.</summary>
internal static class HeaderRules
{
    /// <summary>A reference to the header's description, which the document gets.</summary>
    public static IOpenApiHeader Of(string name, OpenApiDocument document)
    {
        document.AddComponent<IOpenApiHeader>(name, Describe(name));
        return new OpenApiHeaderReference(name, document);
    }

    private static OpenApiHeader Describe(string name) => name switch
    {
        CallIds.Header => Header("Names the call: the caller's own name for it, if that was valid, else a new one."),
        CallHeaders.Duration => Header("Seconds from dispatch to a sandbox until the outcome was known.", JsonSchemaType.Number),
        CallHeaders.ScriptVersion => Header("The version that ran, was made or was read.", JsonSchemaType.Integer, "int64"),
        CallHeaders.Start => Header("Where the sandbox came from.", JsonSchemaType.String, null, WireNames.All<Warmth>()),
        CallHeaders.PingSeconds => Header(
            "The longest silence, in seconds: after it comes a comment. A connection that is silent for much longer is broken.",
            JsonSchemaType.Number),
        "ETag" => Header("The entity tag of the state, for If-Match and If-None-Match."),
        Preferences.AppliedHeader => Header("What the request preferred and was followed (RFC 7240)."),
        CallHeaders.IdempotencyReplayed => Header("true: the answer is that of an earlier call with the same Idempotency-Key."),
        "Location" => Header("Where the new thing is."),
        "Retry-After" => Header("After how many seconds to try again.", JsonSchemaType.Integer),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The API's document does not describe this header."),
    };

    private static OpenApiHeader Header(
        string description,
        JsonSchemaType type = JsonSchemaType.String,
        string? format = null,
        IReadOnlyList<string>? values = null) => new()
        {
            Description = description,
            Schema = new OpenApiSchema
            {
                Type = type, Format = format, Enum = values is null ? null : [.. values.Select(value => (JsonNode)JsonValue.Create(value))],
            },
        };
}
