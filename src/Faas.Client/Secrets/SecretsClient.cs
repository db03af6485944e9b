namespace Faas.Client;

/// <summary>
/// Writes secrets, which scripts get and no route gives back; the client's key needs the scope <c>admin</c> (docs/secrets.md).
/// <example><code>await faas.Secrets.WriteAsync("MAIL_KEY", "sk-0a1b2c3d4e5f", ["mail"]);</code></example>
/// </summary>
public sealed class SecretsClient
{
    private const string Secrets = "api/v1/secrets";
    private readonly Transport _transport;

    internal SecretsClient(Transport transport) => _transport = transport;

    /// <summary>Every secret by name, without its value.</summary>
    public async Task<IReadOnlyList<Secret>> ListAsync(CancellationToken cancellation = default) =>
        (await _transport.ReadAsync(HttpMethod.Get, Secrets, ClientJson.Default.SecretList, cancellation)).Secrets;

    /// <summary>Makes a secret, or replaces its value and paths.</summary>
    /// <param name="name">1 to 128 letters, digits and <c>_</c>, no digit at its beginning.</param>
    /// <param name="value">The value.</param>
    /// <param name="paths">The prefixes of the scripts that may use it; null: every script.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Secret> WriteAsync(
        string name, string value, IReadOnlyList<string>? paths = null, CancellationToken cancellation = default) => _transport.WriteAsync(
        HttpMethod.Put,
        $"{Secrets}/{Address.Segment(name)}",
        new SecretContent(value, paths),
        ClientJson.Default.SecretContent,
        ClientJson.Default.Secret,
        cancellation);

    /// <summary>Deletes a secret.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Delete, $"{Secrets}/{Address.Segment(name)}", cancellation);

    /// <summary>Encrypts all secrets with another key.</summary>
    /// <param name="newKey">Whether the server makes the key; false: the first one of its key file is the new one.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Rotation> RotateAsync(bool newKey = true, CancellationToken cancellation = default) => _transport.WriteAsync(
        HttpMethod.Post,
        $"{Secrets}/rotate",
        new RotateContent(newKey),
        ClientJson.Default.RotateContent,
        ClientJson.Default.Rotation,
        cancellation);
}

/// <summary>A secret, without its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Paths">The prefixes of the scripts that may use it; empty: every script.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When its value was last written.</param>
/// <param name="Key">The name of the key that encrypts it.</param>
public sealed record Secret(string Name, IReadOnlyList<string> Paths, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string Key);

/// <summary>What became of the secrets when they were encrypted anew.</summary>
/// <param name="Key">The name of the key that encrypts from now on.</param>
/// <param name="Encrypted">How many were encrypted with it.</param>
/// <param name="Lost">Those that no key of the file decrypts; they must be written anew.</param>
public sealed record Rotation(string Key, int Encrypted, IReadOnlyList<string> Lost);

/// <summary>The answer of a list of secrets.</summary>
internal sealed record SecretList(IReadOnlyList<Secret> Secrets);

/// <summary>The body of a write; it never shows the value.</summary>
internal sealed record SecretContent(string Value, IReadOnlyList<string>? Paths)
{
    /// <inheritdoc/>
    public override string ToString() => "a secret";
}

/// <summary>The body of a rotation.</summary>
internal sealed record RotateContent(bool NewKey);
