namespace Faas.Client;

/// <summary>
/// The names of versions, which are moved while clients go on calling them.
/// <example>
/// <code>
/// var stable = await faas.Aliases.GetAsync("math/add", "stable");
/// // Made only if nobody else has moved it meanwhile; else FaasException of the reason "stale".
/// await faas.Aliases.MoveAsync("math/add", "stable", new AliasTarget(1739000600), ifTag: stable.Tag);
/// await faas.Aliases.RollBackAsync("math/add", "stable");
/// </code>
/// </example>
/// </summary>
public sealed class AliasesClient
{
    private readonly Transport _transport;

    internal AliasesClient(Transport transport) => _transport = transport;

    /// <summary>The aliases of a script, sorted by name.</summary>
    public async Task<IReadOnlyList<ScriptAlias>> ListAsync(string path, CancellationToken cancellation = default) =>
        (await _transport.ReadAsync(HttpMethod.Get, $"{Address.Script(path)}/aliases", ClientJson.Default.AliasList, cancellation)).Aliases;

    /// <summary>What an alias names.</summary>
    public Task<ScriptAlias> GetAsync(string path, string name, CancellationToken cancellation = default) =>
        ReadAsync(HttpMethod.Get, path, name, "", null, null, cancellation);

    /// <summary>Moves an alias, or makes it.</summary>
    /// <param name="path">The script.</param>
    /// <param name="name">The alias.</param>
    /// <param name="target">What it is to name.</param>
    /// <param name="ifTag">Only if it is still in the state of this tag; <c>*</c>: only if it exists; null: in any case.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<ScriptAlias> MoveAsync(
        string path, string name, AliasTarget target, string? ifTag = null, CancellationToken cancellation = default) => ReadAsync(
        HttpMethod.Put, path, name, "", ifTag, Transport.Content(target, ClientJson.Default.AliasTarget), cancellation);

    /// <summary>Moves an alias to what it named before its last move.</summary>
    /// <inheritdoc cref="MoveAsync"/>
    public Task<ScriptAlias> RollBackAsync(string path, string name, string? ifTag = null, CancellationToken cancellation = default) =>
        ReadAsync(HttpMethod.Post, path, name, "/rollback", ifTag, null, cancellation);

    /// <summary>Deletes an alias, not what it names.</summary>
    /// <inheritdoc cref="MoveAsync"/>
    public async Task DeleteAsync(string path, string name, string? ifTag = null, CancellationToken cancellation = default)
    {
        using var request = Request(HttpMethod.Delete, path, name, "", ifTag);
        using var response = await _transport.SendAsync(request, cancellation);
    }

    private async Task<ScriptAlias> ReadAsync(
        HttpMethod method, string path, string name, string action, string? ifTag, HttpContent? content, CancellationToken cancellation)
    {
        using var request = Request(method, path, name, action, ifTag);
        request.Content = content;
        using var response = await _transport.SendAsync(request, cancellation);
        var alias = await Transport.ReadAsync(response, ClientJson.Default.ScriptAlias, cancellation);
        return alias with { Tag = response.Headers.ETag?.ToString() };
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string name, string action, string? ifTag)
    {
        var request = new HttpRequestMessage(method, $"{Address.Script(path)}/aliases/{Address.Segment(name)}{action}");
        if (ifTag is not null)
        {
            request.Headers.Add("If-Match", ifTag);
        }

        return request;
    }
}
