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
    /// All lines, each with the event it is as of, in no order. Throws <see cref="InvalidDataException"/> when one cannot be read: clear
    /// and rebuild.
    /// </summary>
    Task<IReadOnlyList<(ScriptSummary Summary, long SequenceNr)>> AllAsync(CancellationToken cancellation);

    /// <summary>One page of the list. What it costs depends on the page and not on the number of scripts.</summary>
    Task<CatalogPage> PageAsync(CatalogQuery query, CancellationToken cancellation);

    /// <summary>Sorts lines in that a server wrote which did not sort them. The lines are those of <see cref="AllAsync"/>.</summary>
    Task SortAsync(IReadOnlyList<(ScriptSummary Summary, long SequenceNr)> lines, CancellationToken cancellation);

    /// <summary>Forgets all lines.</summary>
    Task ClearAsync(CancellationToken cancellation);
}
