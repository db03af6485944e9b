namespace Faas.Actors.Scripts.Code;

/// <summary>
/// Code by content: stored once under the hash of its source, whoever uploads it, and never changed.
/// <para>
/// Theory of operation. Beside each code the store keeps which scripts refer to it, so that code that no version names can be deleted. A
/// reference is stored in one step with the code and before the version that names it, and removed after the deletion of the last such
/// version: what goes wrong in between leaves code that no version needs, and never a version without code. Each
/// <see cref="PutAsync"/> gives the reference a new token, and <see cref="ReleaseAsync"/> removes a reference only by the token that it
/// has; so a release that arrives late, after the script has uploaded the same code again, removes nothing. Code of which an earlier
/// server has stored no references is never deleted, because it is not known which scripts need it.
/// </para>
/// All calls throw <see cref="StoreException"/> when the store does not answer.
/// </summary>
public interface ICodeStore
{
    /// <summary>
    /// Stores code and its compiled form, and that a script refers to it; returns once durable. Storing it again changes the reference's
    /// token alone.
    /// </summary>
    Task PutAsync(ScriptCode code, string path, CancellationToken cancellation);

    /// <summary>
    /// Stores that a script refers to code, under a new token, as <see cref="PutAsync"/> does; returns once durable. False: the code is not
    /// stored.
    /// </summary>
    Task<bool> ReferAsync(CodeName code, string path, CancellationToken cancellation);

    /// <summary>The code under this language and hash, compiled form included; null: never stored.</summary>
    Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation);

    /// <summary>Whether code is stored under this name.</summary>
    async Task<bool> HasAsync(CodeName code, CancellationToken cancellation) =>
        await GetAsync(code.Language, code.Hash, cancellation) is not null;

    /// <summary>Whether code of any language is stored under this hash.</summary>
    async Task<bool> HasAsync(string hash, CancellationToken cancellation)
    {
        foreach (var language in Enum.GetValues<Language>())
        {
            if (await HasAsync(new CodeName(language, hash), cancellation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The token of a script's reference to code; null: it has none.</summary>
    Task<string?> ReferenceAsync(CodeName code, string path, CancellationToken cancellation);

    /// <summary>
    /// Removes a script's reference, if it still has this token, and the code, if it is known that no other script refers to it.
    /// </summary>
    Task ReleaseAsync(CodeName code, string path, string token, CancellationToken cancellation);
}
