using System.Reflection;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Schedules;

/// <summary>The schedule in <c>/api/v1/schedules/{name}</c>, and what the request's headers say must hold of it.</summary>
/// <param name="Name">The schedule.</param>
/// <param name="Condition">What must hold.</param>
public sealed record ScheduleOfUrl(string Name, RevisionCondition Condition) : IEndpointParameterMetadataProvider
{
    /// <summary>The name of the segment.</summary>
    public const string Segment = "name";

    private static readonly RequestParameter s_name =
        new(Segment, ParameterPlace.Path, "The schedule's name.") { Example = "nightly-report" };

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(s_name);

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<ScheduleOfUrl> BindAsync(HttpContext context)
    {
        var name = $"{context.Request.RouteValues[Segment]}";
        if (!ScheduleName.IsValid(name))
        {
            throw ProblemException.Malformed($"\"{Segment}\" is {UnknownName.Quoted(name)}; allowed are {ScheduleName.Allowed}.");
        }

        context.Response.SetWarnings(UnknownName.InQuery(context.Request.Query, []));
        return ValueTask.FromResult(new ScheduleOfUrl(name, EntityTags.ConditionOf(context.Request)));
    }
}
