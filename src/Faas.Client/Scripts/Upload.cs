namespace Faas.Client;

/// <summary>A new version of a script.</summary>
/// <param name="Path">The script, such as <c>math/add</c>.</param>
/// <param name="Language">One of <see cref="Languages"/>.</param>
/// <param name="Code">The code; empty: the script has several files.</param>
/// <param name="Settings">What its author says about its runs; null: nothing.</param>
public sealed record Upload(string Path, string Language, string Code, ScriptSettings? Settings = null)
{
    /// <summary>Whether code and settings that the latest version has are to be a new version, too.</summary>
    public bool Force { get; init; }

    /// <summary>The files of a script of several files, in the place of <see cref="Code"/>; null: it is a single text.</summary>
    public IReadOnlyList<TreeFile>? Sources { get; init; }

    /// <summary>Which of <see cref="Sources"/> runs; null: the server finds it by its name (docs/scripts.md).</summary>
    public string? Entry { get; init; }

    /// <summary>Whether it is checked as an upload is, and nothing is stored.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What became of an upload.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">The language.</param>
/// <param name="Version">The number of the new version; or of the latest one, if nothing was new, or nothing was to be stored; 0: there is
/// none.</param>
public sealed record Uploaded(string Path, string Language, long Version)
{
    /// <summary>Whether the latest version had the same code and settings, so that none was made.</summary>
    public bool Unchanged { get; init; }
}
