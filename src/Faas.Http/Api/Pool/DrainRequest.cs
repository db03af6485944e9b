using System.Reflection;
using Faas.Actors.Configuration;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Pool;

/// <summary>The query of <c>POST /api/v1/pool/drain</c>.</summary>
/// <param name="Within">How long accepted runs are served, at most an hour.</param>
public sealed record DrainRequest(TimeSpan Within) : IEndpointParameterMetadataProvider
{
    private const string Name = "within";
    private static readonly TimeSpan s_most = TimeSpan.FromHours(1);

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestParameter(
            Name, ParameterPlace.Query, "How long accepted runs are served, at most an hour; without it, as when the server stops.")
        {
            Example = "30s",
        });

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static async ValueTask<DrainRequest> BindAsync(HttpContext context)
    {
        await StrictRequest.CheckQueryAloneAsync(context, Name);
        return new DrainRequest(
            (string?)context.Request.Query[Name] is not { } text ? context.RequestServices.GetRequiredService<HttpOptions>().DrainTimeout
            : DurationText.TryParse(text, out var within) && within <= s_most ? within
            : throw ProblemException.Malformed(
                $"\"{Name}\" is {UnknownName.Quoted(text)}; allowed is a duration of at most an hour, such as 30s or 5m."));
    }
}
