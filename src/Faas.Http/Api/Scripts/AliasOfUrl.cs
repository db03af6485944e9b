using System.Reflection;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Scripts;

/// <summary>The alias in <c>/api/v1/scripts/{path}/aliases/{name}</c>, and what the request's headers say must hold of it.</summary>
/// <param name="Path">The script's path.</param>
/// <param name="Name">The alias.</param>
/// <param name="Condition">What must hold.</param>
public sealed record AliasOfUrl(string Path, string Name, RevisionCondition Condition) : IEndpointParameterMetadataProvider
{
    /// <summary>The name of the segment.</summary>
    public const string Segment = "name";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(ScriptParameters.Path);
        builder.Metadata.Add(ScriptParameters.Alias);
        builder.Metadata.Add(ScriptParameters.IfMatch);
        builder.Metadata.Add(ScriptParameters.IfNoneMatch);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<AliasOfUrl> BindAsync(HttpContext context)
    {
        var (path, name) = (ScriptOfUrl.Of(context).Path, $"{context.Request.RouteValues[Segment]}");
        return AliasName.IsValid(name)
            ? ValueTask.FromResult(new AliasOfUrl(path, name, EntityTags.ConditionOf(context.Request)))
            : throw ProblemException.Malformed($"\"{Segment}\" is {UnknownName.Quoted(name)}; allowed are {AliasName.Allowed}.");
    }
}
