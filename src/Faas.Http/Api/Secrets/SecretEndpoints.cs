using Faas.Actors.Scripts;
using Faas.Actors.Secrets;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Secrets;

/// <summary>Writes, lists and deletes secrets. No route gives a value back.</summary>
public static class SecretEndpoints
{
    private const string Secrets = "/api/v1/secrets";

    /// <summary>Adds the routes.</summary>
    public static void MapSecrets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Secrets, List)
            .Produces<SecretListReply>()
            .WithName("listSecrets").WithSummary("lists the secrets, without their values").Needs(Scopes.Admin);
        routes.MapPut($"{Secrets}/{{name}}", WriteAsync)
            .Accepts<SecretRequest>("application/json").Produces<SecretReply>().Produces<SecretReply>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("writeSecret").WithSummary("makes a secret, or replaces its value").Needs(Scopes.Admin);
        routes.MapDelete($"{Secrets}/{{name}}", DeleteAsync)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("deleteSecret").WithSummary("deletes a secret").Needs(Scopes.Admin);
        routes.MapPost($"{Secrets}/rotate", RotateAsync)
            .Accepts<RotateRequest>("application/json").Produces<RotationReply>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName("rotateSecrets").WithSummary("encrypts the secrets with another key").Needs(Scopes.Admin);
    }

    private static JsonBody<SecretListReply> List(LiveSecrets secrets) =>
        new(new SecretListReply([.. secrets.ByName.Values.Select(SecretReply.Of)]), SecretsJson.Default.SecretListReply);

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
