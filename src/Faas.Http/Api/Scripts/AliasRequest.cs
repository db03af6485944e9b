using System.Reflection;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Scripts;

/// <summary>The body of <c>PUT /api/v1/scripts/{path}/aliases/{name}</c>.</summary>
/// <param name="Target">What the alias is to name.</param>
public sealed record AliasRequest(AliasTarget Target) : IEndpointParameterMetadataProvider
{
    private const string Version = "version", Split = "split", Weight = "weight", Sticky = "sticky";
    private const int MaxHeaderName = 128;

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestContent(typeof(TargetReply)));

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static async ValueTask<AliasRequest> BindAsync(HttpContext context) =>
        new(TargetOf(await BodyObject.ReadAsync(context, Version, Split, Sticky)));

    private static AliasTarget TargetOf(BodyObject body)
    {
        var (version, split) = (body.Number(Version, 1, long.MaxValue), body.Objects(Split, Version, Weight));
        return (version, split) switch
        {
            (null, null) or (not null, not null) =>
                throw ProblemException.Malformed($"The body must have either \"{Version}\" or \"{Split}\"."),
            ({ } only, null) => body.Has(Sticky)
                ? throw ProblemException.Malformed($"\"{Sticky}\" is only for a \"{Split}\".")
                : new AliasTarget(only),
            (null, { } shares) => SplitOf(shares, StickyOf(body)),
        };
    }

    private static AliasTarget SplitOf(IReadOnlyList<BodyObject> shares, string? sticky)
    {
        if (shares is not [var first, var second])
        {
            throw ProblemException.Malformed($"\"{Split}\" has {shares.Count} members; it must have two.");
        }

        var ((version, weight), (other, rest)) = (ShareOf(first), ShareOf(second));
        return weight + rest != AliasTarget.All ? throw ProblemException.Malformed(
                $"The weights of \"{Split}\" add up to {weight + rest}; they must add up to {AliasTarget.All}.")
            : version == other ? throw ProblemException.Malformed($"\"{Split}\" names version {version} twice; it must name two versions.")
            : new AliasTarget(version, weight, other, sticky);
    }

    private static (long Version, int Weight) ShareOf(BodyObject share) => (
        share.Number(Version, 1, long.MaxValue) ?? throw Missing(Version),
        (int)(share.Number(Weight, 0, AliasTarget.All) ?? throw Missing(Weight)));

    private static string? StickyOf(BodyObject body) => body.Text(Sticky) is not { } header ? null
        : header.Length <= MaxHeaderName && HeaderName.IsValid(header) ? header
        : throw ProblemException.Malformed($"\"{Sticky}\" is {UnknownName.Quoted(header)}; allowed is the name of a request header.");

    private static ProblemException Missing(string name) =>
        ProblemException.Malformed($"\"{name}\" is missing in a member of \"{Split}\".");
}
