using System.Text.Json.Nodes;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Faas.Http.Api.OpenApi;

/// <summary>Adds to an operation what the route's metadata says and the framework's generator does not read.</summary>
internal static class OperationRules
{
    /// <summary>The names of the two ways to send a key.</summary>
    public const string BearerKey = "bearerKey", HeaderKey = "headerKey";

    private const string Json = "application/json", Problems = "application/problem+json";

    /// <summary>Completes an operation.</summary>
    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var (metadata, document) = (context.Description.ActionDescriptor.EndpointMetadata, context.Document!);
        var hasBody = RouteDescriptions.HasBody(context.Description.HttpMethod!);
        operation.Parameters = [.. metadata.OfType<RequestParameter>().Select(ParameterOf)];
        operation.RequestBody = hasBody ? BodyOf(operation.RequestBody, metadata, document) : null;
        AddScope(operation, metadata.OfType<RequiredScope>().LastOrDefault()?.Scope ?? Scopes.Admin, document);
        foreach (var (status, response) in operation.Responses!.ToList())
        {
            Complete(status, (OpenApiResponse)response, metadata, document);
            operation.Responses![status] = Shared(status, response, document);
        }

        if (metadata.OfType<ContentExample>().FirstOrDefault(example => example.Status is null) is { } asked
            && operation.RequestBody?.Content?.Values.FirstOrDefault() is { } body)
        {
            body.Example = ValueOf(asked.Text, isJson: true);
        }

        return Task.CompletedTask;
    }

    private static IOpenApiParameter ParameterOf(RequestParameter parameter) => new OpenApiParameter
    {
        Name = parameter.Name,
        In = parameter.Place switch
        {
            ParameterPlace.Path => ParameterLocation.Path,
            ParameterPlace.Query => ParameterLocation.Query,
            _ => ParameterLocation.Header,
        },
        Required = parameter.IsRequired || parameter.Place == ParameterPlace.Path,
        Description = parameter.Description,
        Example = parameter.Example is null ? null : JsonValue.Create(parameter.Example),
        Schema = parameter.Range is { } range
            ? new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = $"{range.Least}", Maximum = $"{range.Most}" }
            : new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = parameter.Values.Count == 0 ? null : [.. parameter.Values.Select(value => (JsonNode)JsonValue.Create(value))],
            },
    };

    private static IOpenApiRequestBody? BodyOf(IOpenApiRequestBody? found, IList<object> metadata, OpenApiDocument document)
    {
        if (metadata.OfType<CallContent>().LastOrDefault() is { } call)
        {
            document.AddComponent<IOpenApiSchema>(call.Name, CallSchemas.Of(call.Members, document));
            return new OpenApiRequestBody
            {
                Required = call.Members.HasFlag(CallMembers.Code),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new() { Schema = new OpenApiSchemaReference(call.Name, document) },
                },
            };
        }

        return metadata.OfType<RequestContent>().LastOrDefault() is { Type: null } any
            ? new OpenApiRequestBody
            {
                Content = new Dictionary<string, OpenApiMediaType> { [any.ContentType] = new() { Schema = Bytes() } },
            }
            : found;
    }

    // What the scope is called stands in the place of OAuth's scopes (OpenAPI 3.1, "Security Requirement Object").
    private static void AddScope(OpenApiOperation operation, Scopes scope, OpenApiDocument document)
    {
        operation.Security = [];
        if (scope == Scopes.None)
        {
            operation.Security.Add([]);
            return;
        }

        string[] names = scope == ScopeNames.Any ? [] : ScopeNames.NamesOf(scope).Split(' ');
        operation.Description = names switch
        {
            [] => "Needs a key, of any scope, where the server has keys.",
            [var name] => $"Needs a key with the scope `{name}`, where the server has keys.",
            _ => $"Needs a key with one of the scopes {string.Join(", ", names.Select(name => $"`{name}`"))}, where the server has keys.",
        };
        List<string>[] choices = names is [] ? [[]] : [.. names.Select(name => new List<string> { name })]; // one suffices
        foreach (var choice in choices)
        {
            foreach (var way in (string[])[BearerKey, HeaderKey])
            {
                operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(way, document)] = choice });
            }
        }
    }

    private static void Complete(string status, OpenApiResponse response, IList<object> metadata, OpenApiDocument document)
    {
        var isGood = status.StartsWith('2') || status == $"{StatusCodes.Status304NotModified}";
        response.Description = isGood ? response.Description : FailureRules.MeaningOf(status);
        string[] headers =
        [
            CallIds.Header,
            .. isGood ? metadata.OfType<SentHeaders>().SelectMany(sent => sent.Names) : [],
            .. status is "429" or "503" ? (string[])["Retry-After"] : [],
        ];
        response.Headers = headers.ToDictionary(name => name, name => HeaderRules.Of(name, document));
        foreach (var (type, content) in response.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            var isJson = IsJson(type);
            content.Schema = isJson ? content.Schema : type is "text/plain" ? Text() : Bytes();
            if (metadata.OfType<ContentExample>().FirstOrDefault(one => $"{one.Status}" == status && Fits(one, type)) is { } example)
            {
                content.Example = ValueOf(example.Text, isJson);
            }
        }
    }

    // The same problem has one description in the document.
    private static IOpenApiResponse Shared(string status, IOpenApiResponse response, OpenApiDocument document)
    {
        if (response.Content?.ContainsKey(Problems) is not true)
        {
            return response;
        }

        var name = $"Problem{char.ToUpperInvariant(status[0])}{status[1..]}";
        document.AddComponent(name, response);
        return new OpenApiResponseReference(name, document);
    }

    private static bool Fits(ContentExample example, string type) =>
        (type == "text/event-stream") == example.Text.StartsWith("id:", StringComparison.Ordinal)
        && IsJson(type) == example.Text.StartsWith('{');

    // An archive is lines of JSON, which is no JSON.
    private static bool IsJson(string type) => type is Json or Problems;

    private static JsonNode? ValueOf(string text, bool isJson) => isJson ? JsonNode.Parse(text) : JsonValue.Create(text);

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    // An event stream, too: so that generated clients hand it on instead of waiting for its end.
    private static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
