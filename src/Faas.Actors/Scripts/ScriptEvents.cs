namespace Faas.Actors.Scripts;

/// <summary>A script has a new version. Persisted: its stored form is kept by golden bytes in the tests.</summary>
/// <param name="Path">The script.</param>
/// <param name="Version">The version, newer than every earlier one.</param>
public sealed record VersionUploaded(string Path, ScriptVersion Version) : IWithScriptPath;

/// <summary>All versions of a script, oldest first, as a snapshot keeps them.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">Its versions by strictly increasing number.</param>
public sealed record ScriptSnapshot(string Path, IReadOnlyList<ScriptVersion> Versions) : IWithScriptPath;
