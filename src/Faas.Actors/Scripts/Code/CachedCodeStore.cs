namespace Faas.Actors.Scripts.Code;

/// <summary>Keeps recently used code in memory, in front of a store.</summary>
/// <param name="store">Where the code lies.</param>
/// <param name="recent">What is kept.</param>
/// <param name="listener">Hears of code that is stored; null: it is not needed.</param>
public sealed class CachedCodeStore(ICodeStore store, RecentCode recent, ICodeListener? listener = null) : ICodeStore
{
    /// <inheritdoc/>
    public async Task PutAsync(ScriptCode code, string path, CancellationToken cancellation)
    {
        await store.PutAsync(code, path, cancellation);
        recent.Keep(code);
        listener?.Stored(code);
    }

    /// <inheritdoc/>
    public Task<bool> ReferAsync(CodeName code, string path, CancellationToken cancellation) =>
        store.ReferAsync(code, path, cancellation);

    /// <inheritdoc/>
    public async Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation)
    {
        if (recent.Find(ScriptCode.KeyOf(language, hash)) is { } kept)
        {
            return kept;
        }

        var code = await store.GetAsync(language, hash, cancellation);
        if (code is not null)
        {
            recent.Keep(code);
        }

        return code;
    }

    /// <inheritdoc/>
    public Task<bool> HasAsync(CodeName code, CancellationToken cancellation) => store.HasAsync(code, cancellation);

    /// <inheritdoc/>
    public Task<string?> ReferenceAsync(CodeName code, string path, CancellationToken cancellation) =>
        store.ReferenceAsync(code, path, cancellation);

    /// <inheritdoc/>
    public Task ReleaseAsync(CodeName code, string path, string token, CancellationToken cancellation) =>
        store.ReleaseAsync(code, path, token, cancellation);
}
