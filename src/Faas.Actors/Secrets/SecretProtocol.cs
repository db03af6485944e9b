namespace Faas.Actors.Secrets;

/// <summary>A message to the secrets' actor, which replies to each with one <see cref="ISecretReply"/>.</summary>
public interface ISecretRequest;

/// <summary>A reply of the secrets' actor.</summary>
public interface ISecretReply;

/// <summary>Asks whether the secrets have been read from the store. The reply is <see cref="SecretsKnown"/>.</summary>
public sealed record GetSecrets : ISecretRequest
{
    /// <summary>The only instance.</summary>
    public static GetSecrets Instance { get; } = new();
}

/// <summary>The secrets have been read; <see cref="LiveSecrets"/> has them.</summary>
public sealed record SecretsKnown : ISecretReply
{
    /// <summary>The only instance.</summary>
    public static SecretsKnown Instance { get; } = new();
}

/// <summary>
/// Makes a secret, or replaces its value. The reply is <see cref="SecretStored"/> once that is durable, or <see cref="SecretNotStored"/>.
/// </summary>
/// <param name="Secret">The secret; of one that exists, the time of its making is kept.</param>
/// <param name="Most">The most secrets.</param>
public sealed record WriteSecret(StoredSecret Secret, int Most) : ISecretRequest;

/// <summary>
/// The same value, encrypted with another key. The reply is <see cref="SecretStored"/> once that is durable, or <see cref="SecretUnknown"/>
/// if the secret has been replaced or deleted meanwhile.
/// </summary>
/// <param name="Before">The secret as it was decrypted.</param>
/// <param name="KeyId">The key.</param>
/// <param name="Sealed">The value, encrypted with it.</param>
public sealed record ResealSecret(StoredSecret Before, string KeyId, string Sealed) : ISecretRequest;

/// <summary>The secret is durable and in force.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="IsNew">Whether there was none of this name.</param>
public sealed record SecretStored(StoredSecret Secret, bool IsNew) : ISecretReply;

/// <summary>The secret was not stored.</summary>
/// <param name="Why">One sentence for a person.</param>
public sealed record SecretNotStored(string Why) : ISecretReply;

/// <summary>Deletes a secret. The reply is <see cref="SecretEnded"/> once that is durable, or <see cref="SecretUnknown"/>.</summary>
/// <param name="Name">The secret.</param>
/// <param name="At">Now, by the caller's clock.</param>
public sealed record DeleteSecret(string Name, DateTimeOffset At) : ISecretRequest;

/// <summary>No run gets the secret any more.</summary>
public sealed record SecretEnded : ISecretReply
{
    /// <summary>The only instance.</summary>
    public static SecretEnded Instance { get; } = new();
}

/// <summary>There is no such secret.</summary>
public sealed record SecretUnknown : ISecretReply
{
    /// <summary>The only instance.</summary>
    public static SecretUnknown Instance { get; } = new();
}

/// <summary>The store did not acknowledge the change; whether it is stored is not known.</summary>
/// <param name="Detail">One sentence for a person.</param>
public sealed record SecretStoreFailed(string Detail) : ISecretReply;
