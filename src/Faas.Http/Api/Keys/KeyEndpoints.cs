using System.Buffers.Text;
using System.Security.Cryptography;
using Faas.Actors.Keys;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Keys;

/// <summary>Makes, lists and ends keys while the server runs.</summary>
public static class KeyEndpoints
{
    private const string Keys = "/api/v1/keys";
    private const int SecretBytes = 32;

    private const string Example =
        """{"name": "ci", "scopes": ["write", "read"], "paths": ["math"], "expiresAt": "2030-01-31T00:00:00Z"}""";

    private const string ListExample =
        """
        {"keys": [{"name": "root", "scopes": ["admin"], "paths": [], "source": "settings"},
         {"name": "ci", "scopes": ["write", "read"], "paths": ["math"], "source": "api", "at": "2026-02-08T07:33:20Z"}]}
        """;

    private const string MadeExample =
        """
        {"name": "ci", "scopes": ["write", "read"], "paths": ["math"], "source": "api", "at": "2026-02-08T07:33:20Z",
         "expiresAt": "2030-01-31T00:00:00Z", "secret": "faas_4YwKZ0p5b6wXJ3zqv1RrQm8tU2sNcEoHdGfLiAjVbTk"}
        """;

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes.</summary>
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Keys, s_reads, List).Needs(Scopes.Admin)
            .WithName("listKeys").WithSummary("lists the keys").ReplyExample(ListExample);
        routes.MapMethods("/api/v1/key", s_reads, Own).Needs(ScopeNames.Any)
            .WithName("getOwnKey").WithSummary("tells what the caller's own key opens").ReplyExample(Example);
        routes.MapPost(Keys, CreateAsync).Needs(Scopes.Admin)
            .WithName("createKey").WithSummary("makes a key")
            .Produces<KeyReply>(StatusCodes.Status201Created).Fails(409, 503).Sends("Location")
            .RequestExample(Example).ReplyExample(MadeExample, StatusCodes.Status201Created);
        routes.MapDelete($"{Keys}/{{name}}", RevokeAsync).TakesNoQuery().Needs(Scopes.Admin)
            .WithName("deleteKey").WithSummary("ends a key").Fails(404, 409, 503)
            .Takes(new RequestParameter("name", ParameterPlace.Path, "The key's name.") { Example = "ci" });
    }

    private static Results<JsonBody<KeyListReply>, ProblemReply> List(KeysInForce keys) => keys.Ring is { IsWhole: true } ring
        ? new JsonBody<KeyListReply>(new KeyListReply([.. ring.Keys.Select(KeyReply.Of)]), KeysJson.Default.KeyListReply)
        : new ProblemReply(FaasProblems.KeysNotKnown());

    private static JsonBody<OwnKeyReply> Own(HttpContext context) =>
        new(OwnKeyReply.Of(context.Features.Get<ApiKey>()), KeysJson.Default.OwnKeyReply);

    private static async Task<Results<JsonBody<KeyReply>, ProblemReply>> CreateAsync(
        KeyRequest request, KeysInForce keys, ChangeKeys change, TimeProvider time, HttpContext context)
    {
        if (WhyNot(request, keys) is { } refusal)
        {
            return new ProblemReply(FaasProblems.Of(refusal));
        }

        var secret = $"faas_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var key = new StoredKey(
            request.Name,
            request.Scopes,
            ScriptCode.HashOf(secret),
            request.Paths ?? [],
            time.GetUtcNow(),
            request.ExpiresAt,
            request.Rate,
            request.Network);
        if (await change.CreateAsync(key, context.RequestAborted) is { } failed)
        {
            return new ProblemReply(FaasProblems.Of(failed));
        }

        context.Response.Headers.Location = $"{Keys}/{key.Name}";
        return new JsonBody<KeyReply>(
            KeyReply.Of(ApiKey.Of(key)) with { Secret = secret }, KeysJson.Default.KeyReply, StatusCodes.Status201Created);
    }

    private static async Task<Results<NoContent, ProblemReply>> RevokeAsync(
        string name, KeysInForce keys, ChangeKeys change, CancellationToken cancellation)
    {
        var refusal = OfSettings(keys, name)
            ? Refusal.Conflict($"The key \"{name}\" is in the settings (faas.http.api-keys); remove it there.")
            : await change.RevokeAsync(name, cancellation);
        return refusal is null ? TypedResults.NoContent() : new ProblemReply(FaasProblems.Of(refusal));
    }

    // The first key would shut out every program that calls without one, the caller's own included.
    private static Refusal? WhyNot(KeyRequest request, KeysInForce keys) =>
        !keys.AreNeeded ? Refusal.Conflict("The server asks for no keys; give it one with the scope admin first (faas.http.api-keys).")
        : OfSettings(keys, request.Name) ? Refusal.Conflict($"There is a key \"{request.Name}\" already, in the settings.")
        : null;

    private static bool OfSettings(KeysInForce keys, string name) => keys.Ring.Keys.Any(key => key.Name == name && key.MadeAt is null);
}
