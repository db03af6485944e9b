namespace Faas.Actors.Scripts.Code;

/// <summary>Keeps recently used code in memory, in front of a store.</summary>
/// <param name="store">Where the code lies.</param>
/// <param name="recent">What is kept.</param>
public sealed class CachedCodeStore(ICodeStore store, RecentCode recent) : ICodeStore
{
    /// <inheritdoc/>
    public async Task PutAsync(ScriptCode code, CancellationToken cancellation)
    {
        await store.PutAsync(code, cancellation);
        recent.Keep(code);
    }

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
}
