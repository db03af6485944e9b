using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>How an archive is to be imported.</summary>
/// <param name="Onto">The path below which its scripts are put; null: they keep their paths.</param>
/// <param name="DryRun">Whether nothing is stored, and only the report is wanted.</param>
/// <param name="SkipBroken">
/// Whether versions whose code no upload could store are left out; otherwise one of them refuses its whole script.
/// </param>
/// <param name="MostCodeBytes">The largest code, in bytes of UTF-8.</param>
public sealed record ImportRequest(string? Onto, bool DryRun, bool SkipBroken, int MostCodeBytes)
{
    /// <summary>The most files of a script of several files.</summary>
    public int MostFiles { get; init; } = SettingCeilings.Shipped.SourceFiles;
}
