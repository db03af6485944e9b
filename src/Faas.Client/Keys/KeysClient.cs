namespace Faas.Client;

/// <summary>
/// Makes and ends keys; the client's own key needs the scope <c>admin</c> (docs/keys.md).
/// <example>
/// <code>
/// var made = await faas.Keys.CreateAsync(new NewKey("ci", ["write", "read"]) { Paths = ["math"] });
/// Console.WriteLine(made.Secret); // shown this once
/// </code>
/// </example>
/// </summary>
public sealed class KeysClient
{
    private const string Keys = "api/v1/keys";
    private readonly Transport _transport;

    internal KeysClient(Transport transport) => _transport = transport;

    /// <summary>Every key without its secret: those of the server's settings first, then the others by name.</summary>
    public async Task<IReadOnlyList<Key>> ListAsync(CancellationToken cancellation = default) =>
        (await _transport.ReadAsync(HttpMethod.Get, Keys, ClientJson.Default.KeyList, cancellation)).Keys;

    /// <summary>Makes a key; its <see cref="Key.Secret"/> is in this answer and in no other.</summary>
    public Task<Key> CreateAsync(NewKey key, CancellationToken cancellation = default) =>
        _transport.WriteAsync(HttpMethod.Post, Keys, key, ClientJson.Default.NewKey, ClientJson.Default.Key, cancellation);

    /// <summary>Ends a key; it opens nothing once this returns.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Delete, $"{Keys}/{Address.Segment(name)}", cancellation);
}

/// <summary>A key that is to be made.</summary>
/// <param name="Name">1 to 64 letters, digits or <c>-._</c>.</param>
/// <param name="Scopes">
/// What its owner may do: <c>invoke</c>, <c>execute</c>, <c>write</c>, <c>read</c>, <c>metrics</c>, <c>admin</c>.
/// </param>
public sealed record NewKey(string Name, IReadOnlyList<string> Scopes)
{
    /// <summary>The prefixes of the scripts that it is for; null: every script.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>When it ends by itself; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often its owner may call; null: as the server says.</summary>
    public KeyRate? Rate { get; init; }

    /// <summary>The hosts that versions and code of its owner may ask for; null: those that the server permits.</summary>
    public IReadOnlyList<string>? Network { get; init; }
}

/// <summary>A key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What its owner may do.</param>
/// <param name="Paths">The prefixes of the scripts that it is for; empty: every script.</param>
/// <param name="Source"><c>settings</c>, or <c>api</c>: a call has made it.</param>
public sealed record Key(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Paths, string Source)
{
    /// <summary>When it was made; null: the settings have it.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When it ends by itself; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often its owner may call; null: as the server says.</summary>
    public KeyRate? Rate { get; init; }

    /// <summary>The hosts that versions and code of its owner may ask for; null: those that the server permits.</summary>
    public IReadOnlyList<string>? Network { get; init; }

    /// <summary>What its owner sends; null in every answer but the one that made it.</summary>
    public string? Secret { get; init; }
}

/// <summary>A bucket of requests, which fills again.</summary>
/// <param name="RequestsPerSecond">How fast it fills: 0.01 to 100000.</param>
/// <param name="Burst">How many it holds: 1 to 100000.</param>
public sealed record KeyRate(double RequestsPerSecond, int Burst);

/// <summary>The answer of a list of keys.</summary>
internal sealed record KeyList(IReadOnlyList<Key> Keys);
