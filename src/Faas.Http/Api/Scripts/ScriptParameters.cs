using Faas.Actors.Json;
using Faas.Actors.Scripts.Catalog;
using Faas.Http.Api.Description;

namespace Faas.Http.Api.Scripts;

/// <summary>The parameters of the routes of this room, as the API's description tells them.</summary>
internal static class ScriptParameters
{
    /// <summary>The script in the path.</summary>
    public static RequestParameter Path { get; } =
        new("path", ParameterPlace.Path, "The script's path, its slashes written as %2F.") { Example = "math/add" };

    /// <summary>The version in the path.</summary>
    public static RequestParameter Version { get; } =
        new(VersionOfUrl.Segment, ParameterPlace.Path, "A version: its number, latest, or an alias.") { Example = "latest" };

    /// <summary>The alias in the path.</summary>
    public static RequestParameter Alias { get; } =
        new(AliasOfUrl.Segment, ParameterPlace.Path, "The alias.") { Example = "stable" };

    /// <summary>The header by which a client asks for a state.</summary>
    public static RequestParameter IfMatch { get; } =
        new("If-Match", ParameterPlace.Header, "Do it only if the alias has this entity tag; * if it exists.");

    /// <summary>The header by which a client asks for another state.</summary>
    public static RequestParameter IfNoneMatch { get; } = new(
        "If-None-Match", ParameterPlace.Header, "To read: answer 304 if the alias has this entity tag. To change: * if it does not exist.");

    /// <summary>How many entries a page has.</summary>
    public static RequestParameter Limit { get; } =
        new(PageOfList.LimitName, ParameterPlace.Query, "How many entries a page has; without it, 50.")
        {
            Range = (1, PageOfList.MaxLimit),
        };

    /// <summary>Which page.</summary>
    public static RequestParameter After { get; } =
        new(PageOfList.AfterName, ParameterPlace.Query, "The next of the page before, as it was; without it, the first page.");

    /// <summary>How the list is sorted.</summary>
    public static RequestParameter Sort { get; } =
        new(ListRequest.SortName, ParameterPlace.Query, "By path, which is meant without it, or by the time of the latest upload.")
        {
            Values = WireNames.All<CatalogOrder>(),
        };

    /// <summary>What paths begin with.</summary>
    public static RequestParameter Prefix { get; } =
        new(ListRequest.PrefixName, ParameterPlace.Query, "Only scripts whose paths begin with this text.") { Example = "math/" };

    /// <summary>The version before, in a comparison.</summary>
    public static RequestParameter From { get; } =
        new(DiffRequest.FromName, ParameterPlace.Query, "The version before: its number, or an alias.")
        {
            Example = "1739000000", IsRequired = true,
        };

    /// <summary>The version after, in a comparison.</summary>
    public static RequestParameter To { get; } =
        new(DiffRequest.ToName, ParameterPlace.Query, "The version after; without it, the latest.") { Example = "latest" };
}
