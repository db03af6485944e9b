using System.Globalization;
using System.Reflection;
using Faas.Actors.Json;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Batches;

/// <summary>The query of <c>GET /api/v1/batches</c>.</summary>
/// <param name="Filter">Which batches.</param>
/// <param name="Page">Which page.</param>
/// <param name="Before">The page begins behind the batch of this number; null: with the newest.</param>
public sealed record BatchesRequest(BatchFilter Filter, PageOfList Page, long? Before) : IEndpointParameterMetadataProvider
{
    private const string PathName = "path", StateName = "state";
    private static readonly RunStage[] s_states = [RunStage.Queued, RunStage.Running, RunStage.Ended];

    private static readonly RequestParameter[] s_parameters =
    [
        new(PathName, ParameterPlace.Query, "Only batches of this script and of those under it.") { Example = "math" },
        new(StateName, ParameterPlace.Query, $"Only batches that are so: {Allowed}. Several are joined by commas.") { Example = "running" },
        ScriptParameters.Limit,
        ScriptParameters.After,
    ];

    private static string Allowed => string.Join(", ", s_states.Select(state => state.ToWire()));

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var one in s_parameters)
        {
            builder.Metadata.Add(one);
        }
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<BatchesRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        context.Response.SetWarnings(
            UnknownName.InQuery(query, [PathName, StateName, PageOfList.LimitName, PageOfList.AfterName]));
        var (path, states) = (PageOfList.One(query, PathName), PageOfList.One(query, StateName));
        if (path is not null && ScriptPath.Check(path) is { } wrong)
        {
            throw ProblemException.Malformed($"\"{PathName}\" {wrong}.");
        }

        var filter = new BatchFilter { Roots = context.KeyPaths().Roots, Path = path, Stages = StatesIn(states) };
        var list = $"/api/v1/batches?{PathName}={Uri.EscapeDataString(path ?? "")}&{StateName}={Uri.EscapeDataString(states ?? "")}";
        var page = PageOfList.Of(query, list);
        return ValueTask.FromResult(new BatchesRequest(filter, page, ResultsPage.NumberOf(page)));
    }

    private static List<RunStage> StatesIn(string? text) =>
    [
        .. (text?.Split(',', StringSplitOptions.TrimEntries) ?? []).Select(word =>
            WireNames.TryParse<RunStage>(word, out var state) && s_states.Contains(state)
                ? state
                : throw ProblemException.Malformed($"\"{StateName}\" has {UnknownName.Quoted(word)}; allowed are {Allowed}.")),
    ];
}

/// <summary>The query of <c>GET /api/v1/batches/{id}/results</c>.</summary>
internal static class ResultsPage
{
    /// <summary>Which page, and which input it begins with. Throws <see cref="ProblemException"/>.</summary>
    public static (PageOfList Page, int First) Of(HttpContext context, Batch batch)
    {
        var query = context.Request.Query;
        context.Response.SetWarnings(UnknownName.InQuery(query, [PageOfList.LimitName, PageOfList.AfterName]));
        var page = PageOfList.Of(query, $"{BatchEndpoint.LocationOf(batch.Id)}/results");
        return (page, (int)Math.Min(batch.Count, NumberOf(page) ?? 0));
    }

    /// <summary>Throws <see cref="ProblemException"/> for a page of what comes as a whole.</summary>
    public static void CheckOfLines(HttpContext context)
    {
        var query = context.Request.Query;
        context.Response.SetWarnings(UnknownName.InQuery(query, [PageOfList.LimitName, PageOfList.AfterName]));
        if (query.ContainsKey(PageOfList.LimitName) || query.ContainsKey(PageOfList.AfterName))
        {
            throw ProblemException.Malformed(
                $"\"{PageOfList.LimitName}\" and \"{PageOfList.AfterName}\" are for pages of JSON; as {BatchLines.MediaType}, "
                + "all results come at once.");
        }
    }

    /// <summary>The number at which a page begins. Throws <see cref="ProblemException"/>.</summary>
    public static long? NumberOf(PageOfList page) => page.After is not { } after ? null
        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ProblemException.Malformed($"\"{PageOfList.AfterName}\" is not the \"next\" of the page before, as it was.");
}
