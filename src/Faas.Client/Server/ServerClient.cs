using System.Net;
using System.Text.Json.Serialization;

namespace Faas.Client;

/// <summary>
/// The server itself.
/// <example>
/// <code>
/// var readiness = await faas.Server.GetReadinessAsync();
/// Console.WriteLine(readiness.IsReady ? "ready" : string.Join('\n', readiness.Checks.Values));
/// </code>
/// </example>
/// </summary>
public sealed class ServerClient
{
    private readonly Transport _transport;

    internal ServerClient(Transport transport) => _transport = transport;

    /// <summary>The server's version; it needs no key.</summary>
    public async Task<string> GetVersionAsync(CancellationToken cancellation = default)
    {
        var line = (await _transport.TextAsync("", cancellation)).Split('\n')[0].Trim();
        return line.Split(' ') is ["Faas", var version]
            ? version
            : throw new FaasException(new Problem(200, "OK", "The answer is not that of a Faas server; is the URL that of one?"));
    }

    /// <summary>Whether the server could run a script now, and what its pool holds; it needs no key.</summary>
    public async Task<Readiness> GetReadinessAsync(CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "readyz");
        using var response = await _transport.SendAsync(request, cancellation, alsoGood: HttpStatusCode.ServiceUnavailable);
        var readiness = await Transport.ReadAsync(response, ClientJson.Default.Readiness, cancellation);
        return readiness with { At = response.Headers.Date };
    }

    /// <summary>
    /// The members of the server's cluster, and what the server has to do; the client's key needs the scope <c>admin</c>
    /// (docs/cluster.md).
    /// </summary>
    public Task<ClusterView> GetClusterAsync(CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Get, "api/v1/cluster", ClientJson.Default.ClusterView, cancellation);

    /// <summary>
    /// Every setting of the server with its value and where it was written; the client's key needs the scope <c>admin</c>.
    /// </summary>
    public async Task<IReadOnlyList<Setting>> GetSettingsAsync(CancellationToken cancellation = default) =>
        (await _transport.ReadAsync(HttpMethod.Get, "api/v1/settings", ClientJson.Default.SettingList, cancellation)).Settings;

    /// <summary>Has the server read its settings anew; the client's key needs the scope <c>admin</c>.</summary>
    public Task<ReloadReport> ReloadAsync(CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Post, "api/v1/reload", ClientJson.Default.ReloadReport, cancellation);
}

/// <summary>Whether a server could run a script now.</summary>
/// <param name="Status"><c>ready</c> or <c>not ready</c>.</param>
/// <param name="Checks">Each check's name, and <c>ok</c> or why it failed.</param>
public sealed record Readiness(string Status, IReadOnlyDictionary<string, string> Checks)
{
    /// <summary>What the server's clock showed, to the second; null: not known.</summary>
    [JsonIgnore]
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether it could.</summary>
    public bool IsReady => Status == "ready";

    /// <summary>Where the limits of sandboxes come from; null: not known.</summary>
    public string? Limits { get; init; }

    /// <summary>How sandboxes are started: <c>fork</c> or <c>exec</c>; null: not known.</summary>
    public string? Launch { get; init; }

    /// <summary>What an acknowledged upload survives; null: the store does not answer.</summary>
    public string? Durability { get; init; }

    /// <summary>The pool in numbers; null: it did not reply.</summary>
    public PoolCounts? Pool { get; init; }
}

/// <summary>One setting of the server.</summary>
/// <param name="Key">The whole key, such as <c>faas.pool.running</c>.</param>
/// <param name="Value">Its value as text; secrets are not shown.</param>
/// <param name="Origin">Where it was written.</param>
/// <param name="Reloads">Whether a reload can change it.</param>
public sealed record Setting(string Key, string Value, string Origin, bool Reloads);

/// <summary>What a reload has changed.</summary>
/// <param name="Changed">What is in force from now on.</param>
/// <param name="AtNextStart">What is written otherwise than it is in force, and waits for the next start of the server.</param>
/// <param name="Notices">What the operator may not expect of the new settings on this machine.</param>
public sealed record ReloadReport(
    IReadOnlyList<SettingChange> Changed, IReadOnlyList<SettingChange> AtNextStart, IReadOnlyList<string> Notices);

/// <summary>A setting with another value than before.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="From">The value before.</param>
/// <param name="To">The value that was read.</param>
public sealed record SettingChange(string Key, string From, string To);

/// <summary>The answer of a list of settings.</summary>
internal sealed record SettingList(IReadOnlyList<Setting> Settings);
