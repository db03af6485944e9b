using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Faas.Actors.Hosts;
using Faas.Actors.Json;
using Faas.Actors.Keys;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Keys;

/// <summary>The body of <c>POST /api/v1/keys</c>.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="Scopes">At least one, by their wire names.</param>
/// <param name="Paths">The prefixes of the scripts that the key is for; none: every script.</param>
/// <param name="ExpiresAt">When it ends by itself; absent: never.</param>
/// <param name="Rate">How often its owner may call; absent: as the settings say.</param>
/// <param name="Network">
/// The hosts that versions and code of its owner may ask for, such as <c>api.example.com:443</c>; absent: those that the settings permit.
/// </param>
public sealed partial record KeyRequest(
    string Name,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Paths,
    DateTimeOffset? ExpiresAt,
    KeyRate? Rate,
    EgressRules? Network)
    : IEndpointParameterMetadataProvider
{
    private const string NameOf = "name", ScopesOf = "scopes", PathsOf = "paths", ExpiresOf = "expiresAt", RateOf = "rate";
    private const string NetworkOf = "network";
    private const string PerSecond = "requestsPerSecond", Burst = "burst";
    private const double LeastPerSecond = 0.01, MostPerSecond = 100_000;
    private const DateTimeStyles InUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
    private const int MostBurst = 100_000;

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RequestContent(typeof(KeyRequest)));

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static async ValueTask<KeyRequest> BindAsync(HttpContext context)
    {
        var body = await BodyObject.ReadAsync(context, NameOf, ScopesOf, PathsOf, ExpiresOf, RateOf, NetworkOf);
        var name = body.Text(NameOf) ?? throw Missing(NameOf);
        if (ApiKey.CheckName(name) is { } allowed)
        {
            throw ProblemException.Malformed($"\"{NameOf}\" is {UnknownName.Quoted(name)}; allowed are {allowed}.");
        }

        var scopes = ScopesIn(body);
        var paths = body.Prefixes(PathsOf);
        if (scopes.Contains(Access.Scopes.Admin.ToWire()) && paths.Length > 0)
        {
            throw ProblemException.Malformed($"\"{PathsOf}\" limits no key with the scope \"admin\", because that scope opens everything.");
        }

        var network = NetworkIn(body);
        if (scopes.Contains(Access.Scopes.Admin.ToWire()) && network is not null)
        {
            throw ProblemException.Malformed(
                $"\"{NetworkOf}\" limits no key with the scope \"admin\", because that scope opens everything.");
        }

        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return new KeyRequest(name, scopes, paths, ExpiryIn(body, now), RateIn(body), network);
    }

    private static string[] ScopesIn(BodyObject body)
    {
        var names = body.Texts(ScopesOf) ?? throw Missing(ScopesOf);
        return names.FirstOrDefault(name => !WireNames.TryParse<Scopes>(name, out _)) is { } unknown
            ? throw ProblemException.Malformed($"\"{ScopesOf}\" has {UnknownName.Quoted(unknown)}; allowed are {ScopeNames.Allowed}.")
            : names.Count == 0
            ? throw ProblemException.Malformed($"\"{ScopesOf}\" is empty; a key has at least one of {ScopeNames.Allowed}.")
            : [.. names.Distinct()];
    }

    private static DateTimeOffset? ExpiryIn(BodyObject body, DateTimeOffset now) => body.Text(ExpiresOf) is not { } text ? null
        : !WithZone().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, InUtc, out var at)
            ? throw ProblemException.Malformed(
                $"\"{ExpiresOf}\" is {UnknownName.Quoted(text)}; allowed is a time with a zone, such as 2030-01-31T12:00:00Z.")
        : at <= now ? throw ProblemException.Malformed($"\"{ExpiresOf}\" is {UnknownName.Quoted(text)}, which is past.")
        : at;

    // RFC 3339, section 5.6.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+-]\d\d:\d\d)$")]
    private static partial Regex WithZone();

    private static KeyRate? RateIn(BodyObject body)
    {
        if (!body.Has(RateOf))
        {
            return null;
        }

        var rate = body.Object(RateOf, PerSecond, Burst);
        return new KeyRate(
            rate.Decimal(PerSecond, LeastPerSecond, MostPerSecond) ?? throw Missing($"{RateOf}.{PerSecond}"),
            (int)(rate.Number(Burst, 1, MostBurst) ?? throw Missing($"{RateOf}.{Burst}")));
    }

    private static EgressRules? NetworkIn(BodyObject body) => body.Texts(NetworkOf) is not { } hosts ? null
        : EgressRules.TryParse(hosts, out var rules, out var wrong) ? rules
        : throw ProblemException.Malformed($"\"{NetworkOf}\" is wrong: {wrong}");

    private static ProblemException Missing(string name) => ProblemException.Malformed($"\"{name}\" is missing.");
}
