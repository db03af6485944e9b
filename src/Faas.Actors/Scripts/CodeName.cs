namespace Faas.Actors.Scripts;

/// <summary>Names code in the store.</summary>
/// <param name="Language">The code's language.</param>
/// <param name="Hash">The hash of its source.</param>
public readonly record struct CodeName(Language Language, string Hash)
{
    /// <summary>The name of code.</summary>
    public static CodeName Of(ScriptCode code) => new(code.Language, code.Hash);

    /// <summary>The name of a version's code.</summary>
    public static CodeName Of(ScriptVersion version) => new(version.Language, version.CodeHash);
}
