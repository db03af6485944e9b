using System.Reflection;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Scripts;

/// <summary>The query of <c>GET /api/v1/scripts</c>.</summary>
/// <param name="Order">How the list is sorted.</param>
/// <param name="Prefix">What the paths begin with.</param>
/// <param name="Page">Which page.</param>
/// <param name="Paths">The scripts that the caller's key is for.</param>
public sealed record ListRequest(CatalogOrder Order, string Prefix, PageOfList Page, PathPrefixes Paths)
    : IEndpointParameterMetadataProvider
{
    internal const string SortName = "sort", PrefixName = "prefix";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(ScriptParameters.Sort);
        builder.Metadata.Add(ScriptParameters.Prefix);
        builder.Metadata.Add(ScriptParameters.Limit);
        builder.Metadata.Add(ScriptParameters.After);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<ListRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (order, prefix) = (OrderOf(PageOfList.One(query, SortName)), PageOfList.One(query, PrefixName) ?? "");
        if (ScriptPath.CheckPrefix(prefix) is { } wrong)
        {
            throw ProblemException.Malformed($"\"{PrefixName}\" {wrong}.");
        }

        context.Response.SetWarnings(
            UnknownName.InQuery(query, [SortName, PrefixName, PageOfList.LimitName, PageOfList.AfterName]));
        var list = $"/api/v1/scripts?sort={order.ToWire()}&prefix={prefix}";
        return ValueTask.FromResult(new ListRequest(order, prefix, PageOfList.Of(query, list), context.KeyPaths()));
    }

    /// <summary>What the use case is asked.</summary>
    public CatalogQuery ToQuery() => new(Order, Prefix, Paths.Roots, Page.Limit, Page.After);

    private static CatalogOrder OrderOf(string? name) =>
        name is null ? CatalogOrder.Path
        : WireNames.TryParse<CatalogOrder>(name, out var order) ? order
        : throw ProblemException.Malformed(
            $"\"{SortName}\" is {UnknownName.Quoted(name)}; allowed are {WireNames.Allowed<CatalogOrder>()}.");
}

/// <summary>The query of <c>GET /api/v1/scripts/{path}/versions</c>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Page">Which page.</param>
/// <param name="Before">Only versions with smaller numbers; null: from the latest on.</param>
public sealed record VersionsRequest(string Path, PageOfList Page, long? Before) : IEndpointParameterMetadataProvider
{
    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(ScriptParameters.Path);
        builder.Metadata.Add(ScriptParameters.Limit);
        builder.Metadata.Add(ScriptParameters.After);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<VersionsRequest> BindAsync(HttpContext context)
    {
        var path = ScriptOfUrl.Of(context, PageOfList.LimitName, PageOfList.AfterName).Path;
        var page = PageOfList.Of(context.Request.Query, $"/api/v1/scripts/{Uri.EscapeDataString(path)}/versions");
        return ValueTask.FromResult(new VersionsRequest(
            path, page, page.After is { } after ? ScriptUrl.VersionOf(PageOfList.AfterName, after).Number : null));
    }
}

/// <summary>The query of <c>GET /api/v1/scripts/{path}/diff</c>.</summary>
/// <param name="Path">The script.</param>
/// <param name="From">The version before.</param>
/// <param name="To">The version after.</param>
public sealed record DiffRequest(string Path, VersionRef From, VersionRef To) : IEndpointParameterMetadataProvider
{
    internal const string FromName = "from", ToName = "to";

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(ScriptParameters.Path);
        builder.Metadata.Add(ScriptParameters.From);
        builder.Metadata.Add(ScriptParameters.To);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<DiffRequest> BindAsync(HttpContext context)
    {
        var path = ScriptOfUrl.Of(context, FromName, ToName).Path;
        var query = context.Request.Query;
        var from = PageOfList.One(query, FromName) ?? throw ProblemException.Malformed($"\"{FromName}\" is missing.");
        return ValueTask.FromResult(new DiffRequest(
            path,
            ScriptUrl.VersionOf(FromName, from),
            ScriptUrl.VersionOf(ToName, PageOfList.One(query, ToName) ?? VersionRef.LatestName)));
    }
}
