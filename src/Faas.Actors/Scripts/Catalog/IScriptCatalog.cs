namespace Faas.Actors.Scripts.Catalog;

/// <summary>
/// The list of scripts: a projection of the journal, one line for each path, which can be thrown away and rebuilt.
/// All calls throw <see cref="StoreException"/> when the store does not answer.
/// </summary>
public interface IScriptCatalog
{
    /// <summary>Stores a script's line as of its event <paramref name="sequenceNr"/>; a line of a later event stays as it is.</summary>
    Task PutAsync(ScriptSummary summary, long sequenceNr, CancellationToken cancellation);

    /// <summary>
    /// Takes a script out of the list, as of its event <paramref name="sequenceNr"/>; a line of a later event stays as it is. What is
    /// kept of it says that the list is not behind on it.
    /// </summary>
    Task RemoveAsync(string path, long sequenceNr, CancellationToken cancellation);

    /// <summary>
    /// All lines, each with the event it is as of, in no order; of a script that was taken out no summary. Throws
    /// <see cref="InvalidDataException"/> when one cannot be read: clear and rebuild.
    /// </summary>
    Task<IReadOnlyList<CatalogState>> AllAsync(CancellationToken cancellation);

    /// <summary>One page of the list, or of the tools in it. What it costs depends on the page and not on the number of scripts.</summary>
    Task<CatalogPage> PageAsync(CatalogQuery query, CancellationToken cancellation);

    /// <summary>Sorts lines in that a server wrote which did not sort them. The lines are those of <see cref="AllAsync"/>.</summary>
    Task SortAsync(IReadOnlyList<CatalogState> lines, CancellationToken cancellation);

    /// <summary>Forgets all lines.</summary>
    Task ClearAsync(CancellationToken cancellation);
}

/// <summary>What the list knows of a path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Summary">The script's line; null: it was deleted.</param>
/// <param name="SequenceNr">The event that this is as of.</param>
public sealed record CatalogState(string Path, ScriptSummary? Summary, long SequenceNr);
