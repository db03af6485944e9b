using System.Text.Json.Serialization;
using Faas.Actors.Secrets;

namespace Faas.Http.Api.Secrets;

/// <summary>A secret, without its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Paths">The prefixes of the scripts that may use it; empty: every script.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="UpdatedAt">When its value was last written, UTC.</param>
/// <param name="Key">The name of the key that encrypts it.</param>
public sealed record SecretReply(
    string Name, IReadOnlyList<string> Paths, DateTime CreatedAt, DateTime UpdatedAt, string Key)
{
    /// <summary>The same of a stored secret.</summary>
    public static SecretReply Of(StoredSecret secret) =>
        new(secret.Name, secret.Paths, secret.CreatedAt.UtcDateTime, secret.UpdatedAt.UtcDateTime, secret.KeyId);
}

/// <summary>The answer of <c>GET /api/v1/secrets</c>.</summary>
/// <param name="Secrets">Every secret, by name.</param>
public sealed record SecretListReply(IReadOnlyList<SecretReply> Secrets);

/// <summary>The answer of <c>POST /api/v1/secrets/rotate</c>.</summary>
/// <param name="Key">The name of the key that encrypts from now on.</param>
/// <param name="Encrypted">How many secrets were encrypted with it.</param>
/// <param name="Lost">The secrets that no key of the file decrypts; they must be written anew.</param>
public sealed record RotationReply(string Key, int Encrypted, IReadOnlyList<string> Lost);

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SecretReply))]
[JsonSerializable(typeof(SecretListReply))]
[JsonSerializable(typeof(RotationReply))]
internal sealed partial class SecretsJson : JsonSerializerContext;
