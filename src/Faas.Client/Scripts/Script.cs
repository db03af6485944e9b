namespace Faas.Client;

/// <summary>A page of the list of scripts.</summary>
/// <param name="Scripts">The scripts.</param>
/// <param name="Next">The <c>after</c> of the next page; null: this is the last one.</param>
public sealed record ScriptPage(IReadOnlyList<ScriptLine> Scripts, string? Next = null);

/// <summary>One script in the list.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">What its latest version is written in.</param>
/// <param name="Version">The number of its latest version.</param>
/// <param name="Uploaded">When that was uploaded.</param>
/// <param name="Versions">How many versions it has.</param>
public sealed record ScriptLine(string Path, string Language, long Version, DateTimeOffset Uploaded, int Versions);

/// <summary>One script.</summary>
/// <param name="Path">The script.</param>
/// <param name="Latest">Its latest version.</param>
/// <param name="Versions">How many versions it has.</param>
/// <param name="Created">When its oldest version was uploaded.</param>
/// <param name="Enabled">Whether it may be run.</param>
/// <param name="Aliases">Its aliases, sorted by name.</param>
/// <param name="Keep">Which versions are kept; null: the server says it.</param>
public sealed record Script(
    string Path,
    ScriptVersion Latest,
    int Versions,
    DateTimeOffset Created,
    bool Enabled,
    IReadOnlyList<ScriptAlias> Aliases,
    Retention? Keep = null);

/// <summary>A page of a script's versions, newest first.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">The versions.</param>
/// <param name="Next">The <c>after</c> of the next page; null: this is the last one.</param>
public sealed record VersionPage(string Path, IReadOnlyList<ScriptVersion> Versions, string? Next = null);

/// <summary>One version of a script.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Language">What its code is written in.</param>
/// <param name="Hash">SHA-256 of the code, in lower-case hex.</param>
/// <param name="Bytes">Length of the code in UTF-8.</param>
/// <param name="Uploaded">When it was uploaded.</param>
/// <param name="Settings">What its author said about its runs.</param>
public sealed record ScriptVersion(
    long Version, string Language, string Hash, int Bytes, DateTimeOffset Uploaded, ScriptSettings Settings);

/// <summary>Which versions of a script are kept; one that either rule keeps is.</summary>
/// <param name="Newest">How many of the newest.</param>
/// <param name="Days">For how many days after their upload.</param>
public sealed record Retention(int? Newest = null, int? Days = null);

/// <summary>The body of a change of a script.</summary>
internal sealed record ScriptChange(bool? Enabled, Retention? Keep);
