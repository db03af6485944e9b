using System.Reflection;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Schedules;

/// <summary>The query of <c>GET /api/v1/schedules</c>.</summary>
/// <param name="Page">Which page.</param>
public sealed record SchedulesRequest(PageOfList Page) : IEndpointParameterMetadataProvider
{
    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(ScriptParameters.Limit);
        builder.Metadata.Add(ScriptParameters.After);
    }

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<SchedulesRequest> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        context.Response.SetWarnings(UnknownName.InQuery(query, [PageOfList.LimitName, PageOfList.AfterName]));
        return ValueTask.FromResult(new SchedulesRequest(PageOfList.Of(query, "/api/v1/schedules")));
    }
}
