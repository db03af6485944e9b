using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;

namespace Faas.Actors.UseCases;

/// <summary>Asks for a new version of a script.</summary>
/// <param name="CallId">The caller's name for the request.</param>
/// <param name="Path">The script, valid by <see cref="ScriptPath"/>; a path without a script gets one.</param>
/// <param name="Language">What the source is written in.</param>
/// <param name="Source">The code, not blank.</param>
/// <param name="Settings">What the version's author says about its runs.</param>
/// <param name="Key">The name of the caller's key; null: the caller has none.</param>
/// <param name="Force">Whether code and settings of the latest version are to be a new version, too.</param>
/// <param name="DryRun">Whether nothing is to be stored, and only what storing would be answered is wanted.</param>
public sealed record PublishRequest(
    string CallId,
    string Path,
    Language Language,
    string Source,
    ScriptSettings Settings,
    string? Key = null,
    bool Force = false,
    bool DryRun = false)
{
    /// <summary>The files of a script of several files, whose entry has the text <see cref="Source"/>; null: it is all.</summary>
    public SourceTree? Tree { get; init; }

    /// <summary>Takes each line of the installation of its libraries while it is written; null: a refusal has them all.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The code, not compiled.</summary>
    internal ScriptCode Code => (Tree is null ? ScriptCode.Of(Language, Source) : ScriptCode.Of(Language, Tree)) with
    {
        Dependencies = Settings.Dependencies,
    };
}
