using System.Globalization;
using System.Reflection;
using Faas.Actors.Runs.Recent;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>The query of <c>GET /api/v1/runs</c>.</summary>
/// <param name="Filter">Which runs.</param>
/// <param name="Page">Which page.</param>
/// <param name="Before">The page begins behind the run of this number; null: with the newest.</param>
/// <param name="IsKept">Whether kept runs are meant.</param>
public sealed record RunsRequest(RunFilter Filter, PageOfList Page, long? Before, bool IsKept) : IEndpointParameterMetadataProvider
{
    private static readonly string[] s_ofKept = [RunParameters.DeadName, RunParameters.CallbackName, RunParameters.ScheduleName];

    private static readonly string[] s_filters = [.. RunParameters.FilterNames, RunParameters.KeptName, .. s_ofKept];

    private static readonly string[] s_known = [.. s_filters, PageOfList.LimitName, PageOfList.AfterName];

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        foreach (var one in RunParameters.Filter.Append(ScriptParameters.Limit).Append(ScriptParameters.After)
            .Append(RunParameters.Kept).Append(RunParameters.Dead).Append(RunParameters.Callback).Append(RunParameters.Schedule))
        {
            builder.Metadata.Add(one);
        }
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<RunsRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        context.Response.SetWarnings(UnknownName.InQuery(query, s_known));
        var filter = RunFilterOfUrl.Of(context) with
        {
            IsDead = FlagIn(query, RunParameters.DeadName),
            Callbacks = RunFilterOfUrl.Words<CallbackState>(query, RunParameters.CallbackName),
            Schedule = PageOfList.One(query, RunParameters.ScheduleName),
        };
        var words = s_filters.Select(name => (name, Text: PageOfList.One(query, name)))
            .Where(word => word.Text is not null);
        var list = $"/api/v1/runs?{string.Join('&', words.Select(word => $"{word.name}={Uri.EscapeDataString(word.Text!)}"))}";
        var page = PageOfList.Of(query, list);
        long? before = page.After is { } after ? NumberOf(after) : null;
        return ValueTask.FromResult(new RunsRequest(filter, page, before, IsKeptIn(query)));
    }

    private static bool IsKeptIn(IQueryCollection query)
    {
        var isKept = FlagIn(query, RunParameters.KeptName) ?? false;
        return isKept || Array.Find(s_ofKept, query.ContainsKey) is not { } name
            ? isKept
            : throw ProblemException.Malformed($"\"{name}\" is for kept runs, which \"{RunParameters.KeptName}=true\" lists.");
    }

    private static bool? FlagIn(IQueryCollection query, string name) => PageOfList.One(query, name) switch
    {
        null => null,
        "false" => false,
        "true" => true,
        var other => throw ProblemException.Malformed($"\"{name}\" is {UnknownName.Quoted(other)}; allowed are true and false."),
    };

    // The server has made the cursor itself, so this fails only for one that somebody has put together.
    private static long NumberOf(string after) => long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw ProblemException.Malformed($"\"{PageOfList.AfterName}\" is not the \"next\" of the page before, as it was.");
}

/// <summary>The query of <c>GET /api/v1/runs/activity</c>.</summary>
/// <param name="Filter">Which scripts.</param>
/// <param name="Minutes">How many minutes.</param>
/// <param name="Limit">How many scripts.</param>
public sealed record ActivityRequest(RunFilter Filter, int Minutes, int Limit) : IEndpointParameterMetadataProvider
{
    private const int DefaultLimit = 100;

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(RunParameters.Path);
        builder.Metadata.Add(RunParameters.Minutes);
        builder.Metadata.Add(RunParameters.ScriptLimit);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<ActivityRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        context.Response.SetWarnings(
            UnknownName.InQuery(query, [RunParameters.PathName, RunParameters.MinutesName, PageOfList.LimitName]));
        return ValueTask.FromResult(new ActivityRequest(
            RunFilterOfUrl.Paths(context),
            RunFilterOfUrl.NumberOf(query, RunParameters.MinutesName, ScriptActivity.Minutes, ScriptActivity.Minutes),
            RunFilterOfUrl.NumberOf(query, PageOfList.LimitName, DefaultLimit, PageOfList.MaxLimit)));
    }
}
