namespace Faas.Actors.UseCases;

/// <summary>What became of the scripts of an archive, in its order.</summary>
public sealed record ImportReport(IReadOnlyList<ImportedScript> Scripts);

/// <summary>What became of one script.</summary>
/// <param name="Path">Its path on this server, or in the archive if it can have none here.</param>
/// <param name="Result">What.</param>
/// <param name="Versions">How many versions were added.</param>
/// <param name="Why">One sentence on why it was refused; null: it was not.</param>
/// <param name="LeftOut">A sentence for each version that was left out.</param>
public sealed record ImportedScript(string Path, ImportResult Result, int Versions, string? Why, IReadOnlyList<string> LeftOut);

/// <summary>What an import does with a script.</summary>
public enum ImportResult
{
    /// <summary>Something of it was not here before, and is now.</summary>
    Taken,

    /// <summary>All of it was here before.</summary>
    There,

    /// <summary>Nothing of it was taken.</summary>
    Refused,
}
