using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Faas.Actors.Hosts;
using Faas.Actors.Scripts;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Faas.Http.Api.OpenApi;

/// <summary>
/// How the records of requests and replies become JSON schemas. A member that is null in C# is left out in JSON, so nothing may be null,
/// and what cannot be null is required. Where null is a value of its own, the member has <see cref="NullIsValueAttribute"/>.
/// </summary>
internal sealed class SchemaRules
{
    private const string Reply = "Reply", Body = "Body", Optional = "NullableOf";

    // By these the framework says that a schema becomes a component, and what its reference is to say.
    private const string ComponentName = "x-schema-id", ReferenceDescription = "x-ref-description";

    private readonly Comments _comments = new();
    private readonly HashSet<(string? Schema, string Member)> _withNull = [];
    private readonly Dictionary<string, Type> _named = [];

    /// <summary>A schema's name: the record's without the word for its part. Null: it stands where it is used.</summary>
    public string? NameOf(JsonTypeInfo type)
    {
        var name = ShortNameOf(type);
        var own = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return name is null || _named.TryAdd(name, own) || _named[name] == own
            ? name
            : throw new InvalidOperationException($"{own} and {_named[name]} are both called {name} in the API's document.");
    }

    /// <summary>What the framework does not know of the server's own types, and what the code's comments say.</summary>
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var (member, type) = (
            context.JsonPropertyInfo, Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type);
        var property = member?.AttributeProvider as PropertyInfo;
        Describe(schema, type, property);
        var converter = property?.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType;
        if (converter == typeof(PlainTextConverter))
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (converter == typeof(SecondsConverter))
        {
            (schema.Type, schema.Format, schema.Pattern) = (JsonSchemaType.Number, null, null);
        }
        else if (type == typeof(NamedTexts))
        {
            schema.Type = JsonSchemaType.Object;
            schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
        }
        else if (type == typeof(SealedSecrets))
        {
            schema.Type = JsonSchemaType.Object;
            schema.AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
        else if (type == typeof(EgressRules))
        {
            schema.Type = JsonSchemaType.Array;
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        }
        else if (type == typeof(RetryReasons))
        {
            schema.Type = JsonSchemaType.Array;
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. WireNamesOf(typeof(RetryReason))] };
        }
        else if (type == typeof(JsonSchema))
        {
            schema.Type = JsonSchemaType.Object;
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. WireNamesOf(type)];
        }

        schema.Type = schema.Type is { } kind ? kind & ~JsonSchemaType.Null : null;
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is not null)
        {
            CompleteObject(schema, context.JsonTypeInfo);
        }

        return Task.CompletedTask;
    }

    /// <summary>Takes null out of what may be left out, which the framework adds when it puts references in.</summary>
    public void RemoveNulls(OpenApiDocument document)
    {
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            var properties = schema.Properties ?? new Dictionary<string, IOpenApiSchema>();
            foreach (var (member, one) in properties.ToList())
            {
                if (one.OneOf is [var first, var second] && !_withNull.Contains((name, member)))
                {
                    properties[member] = first.Type == JsonSchemaType.Null ? second : first;
                }
            }
        }
    }

    private static string? ShortNameOf(JsonTypeInfo type)
    {
        if (type.Type == typeof(JsonElement) || type.Type == typeof(NamedTexts) || type.Type == typeof(SealedSecrets)
            || type.Type == typeof(JsonSchema) || type.Type == typeof(RetryReasons))
        {
            return null;
        }

        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        name = name?.StartsWith(Optional, StringComparison.Ordinal) is true ? name[Optional.Length..] : name;
        return name?.EndsWith(Reply, StringComparison.Ordinal) is true ? name[..^Reply.Length]
            : name?.EndsWith(Body, StringComparison.Ordinal) is true ? name[..^Body.Length]
            : name;
    }

    private static IEnumerable<JsonNode> WireNamesOf(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name)
        .OfType<string>()
        .Select(name => (JsonNode)JsonValue.Create(name));

    private void CompleteObject(OpenApiSchema schema, JsonTypeInfo type)
    {
        schema.Required = new HashSet<string>();
        foreach (var member in type.Properties.Where(member => schema.Properties!.ContainsKey(member.Name)))
        {
            if (!IsNullable(member) && member.AssociatedParameter?.HasDefaultValue is not true)
            {
                schema.Required.Add(member.Name);
            }

            if (member.AttributeProvider?.IsDefined(typeof(NullIsValueAttribute), inherit: false) is true)
            {
                _withNull.Add((NameOf(type), member.Name));
            }
        }
    }

    private void Describe(OpenApiSchema schema, Type type, PropertyInfo? member)
    {
        var isComponent = schema.Metadata?.TryGetValue(ComponentName, out var name) is true && name is string { Length: > 0 };
        if (member is null || isComponent)
        {
            schema.Description = _comments.Of(type);
        }

        if (member is not null && _comments.Of(member) is { } description)
        {
            if (isComponent)
            {
                schema.Metadata![ReferenceDescription] = description;
            }
            else
            {
                schema.Description = description;
            }
        }
    }

    private static bool IsNullable(JsonPropertyInfo member) =>
        Nullable.GetUnderlyingType(member.PropertyType) is not null || member.IsGetNullable;
}
