using Faas.Actors.Scripts;
using Faas.Actors.Secrets;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Secrets;

/// <summary>Writes, lists and deletes secrets. No route gives a value back.</summary>
public static class SecretEndpoints
{
    private const string Secrets = "/api/v1/secrets";

    private const string Example =
        """
        {"name": "API_KEY", "paths": ["math"], "createdAt": "2026-02-08T07:33:20Z", "updatedAt": "2026-02-08T07:33:20Z",
         "key": "k1"}
        """;

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    private static readonly RequestParameter s_name = new("name", ParameterPlace.Path, "The secret's name.") { Example = "API_KEY" };

    /// <summary>Adds the routes.</summary>
    public static void MapSecrets(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Secrets, s_reads, List).Needs(Scopes.Admin)
            .WithName("listSecrets").WithSummary("lists the secrets, without their values")
            .ReplyExample($$"""{"secrets": [{{Example}}]}""");
        routes.MapPut($"{Secrets}/{{name}}", WriteAsync).Needs(Scopes.Admin)
            .WithName("writeSecret").WithSummary("makes a secret, or replaces its value").Takes(s_name)
            .Produces<SecretReply>().Produces<SecretReply>(StatusCodes.Status201Created).Fails(409, 503)
            .RequestExample("""{"value": "s3cr3t", "paths": ["math"]}""")
            .ReplyExample(Example).ReplyExample(Example, StatusCodes.Status201Created);
        routes.MapDelete($"{Secrets}/{{name}}", DeleteAsync).TakesNoQuery().Needs(Scopes.Admin)
            .WithName("deleteSecret").WithSummary("deletes a secret").Takes(s_name).Fails(404, 503);
        routes.MapPost($"{Secrets}/rotate", RotateAsync).Needs(Scopes.Admin)
            .WithName("rotateSecrets").WithSummary("encrypts the secrets with another key").Fails(409, 503)
            .RequestExample("""{"newKey": true}""").ReplyExample("""{"key": "k2", "encrypted": 3, "lost": []}""");
    }

    private static Results<JsonBody<SecretListReply>, ProblemReply> List(LiveSecrets secrets) => secrets.Current is { } known
        ? new JsonBody<SecretListReply>(
            new SecretListReply([.. known.Secrets.Values.Select(SecretReply.Of)]), SecretsJson.Default.SecretListReply)
        : new ProblemReply(FaasProblems.Of(SecretSupply.NotKnown));

    private static async Task<Results<JsonBody<SecretReply>, ProblemReply>> WriteAsync(
        string name, SecretRequest request, ChangeSecrets change, CancellationToken cancellation)
    {
        if (SettingRules.CheckSecretName(name) is { } wrong)
        {
            throw ProblemException.Malformed($"The URL {wrong}.");
        }

        var (stored, refusal) = await change.WriteAsync(name, request.Value, request.Paths, cancellation);
        return stored is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<SecretReply>(
                SecretReply.Of(stored.Secret),
                SecretsJson.Default.SecretReply,
                stored.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<Results<NoContent, ProblemReply>> DeleteAsync(
        string name, ChangeSecrets change, CancellationToken cancellation) =>
        await change.DeleteAsync(name, cancellation) is { } refusal
            ? new ProblemReply(FaasProblems.Of(refusal))
            : TypedResults.NoContent();

    private static async Task<Results<JsonBody<RotationReply>, ProblemReply>> RotateAsync(
        RotateRequest request, ChangeSecrets change, CancellationToken cancellation)
    {
        var (rotation, refusal) = await change.RotateAsync(request.NewKey, cancellation);
        return rotation is null
            ? new ProblemReply(FaasProblems.Of(refusal!))
            : new JsonBody<RotationReply>(
                new RotationReply(rotation.KeyId, rotation.Encrypted, rotation.Lost), SecretsJson.Default.RotationReply);
    }
}
