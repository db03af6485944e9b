namespace Faas.Actors.Scripts.Code;

/// <summary>
/// Code by content: stored once under the hash of its source, whoever uploads it, and never changed.
/// Both calls throw <see cref="StoreException"/> when the store does not answer.
/// </summary>
public interface ICodeStore
{
    /// <summary>Stores code and its compiled form; returns once durable. Storing it again changes nothing.</summary>
    Task PutAsync(ScriptCode code, CancellationToken cancellation);

    /// <summary>The code under this language and hash, compiled form included; null: never stored.</summary>
    Task<ScriptCode?> GetAsync(Language language, string hash, CancellationToken cancellation);
}
