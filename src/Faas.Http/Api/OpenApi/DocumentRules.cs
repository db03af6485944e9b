using Faas.Http.Access;
using Faas.Http.Api.Index;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Faas.Http.Api.OpenApi;

/// <summary>What the API's document says once: what the server is, how a key is sent, what the groups of operations are for.</summary>
internal static class DocumentRules
{
    private const string About =
        """
        Runs scripts in JavaScript, TypeScript and Python in sandboxes.

        In a path, the slashes of a script's path are written as %2F: `math%2Fadd`. Every GET has a HEAD. An answer that is not a
        success is a problem document (RFC 9457); its `reason` is one word for programs.
        """;

    private static readonly Dictionary<string, string> s_tags = new()
    {
        ["runs"] = "Run scripts.",
        ["batches"] = "Run scripts for many inputs at once.",
        ["scripts"] = "Store, read, change and delete scripts, their versions and aliases.",
        ["archives"] = "Write all scripts into an archive, and take those of one.",
        ["keys"] = "Make and end keys.",
        ["secrets"] = "Write, list and delete secrets, and change the key that encrypts them.",
        ["schedules"] = "Have scripts run by the clock.",
        ["pool"] = "See the sandboxes and the runs; end runs; drain the pool.",
        ["server"] = "See how the server is, and have its settings read anew.",
    };

    /// <summary>Completes the document.</summary>
    public static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Faas",
            Version = ServerVersion.Text,
            Description = About,
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>((document.Tags ?? new HashSet<OpenApiTag>())
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = s_tags.GetValueOrDefault(tag.Name!, $"More: {tag.Name}.") }));
        document.AddComponent<IOpenApiSecurityScheme>(OperationRules.BearerKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key, in the header Authorization.",
        });
        document.AddComponent<IOpenApiSecurityScheme>(OperationRules.HeaderKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = Credential.KeyHeader,
            Description = "A key, in a header of its own.",
        });
        return Task.CompletedTask;
    }
}
