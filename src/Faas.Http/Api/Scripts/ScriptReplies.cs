using System.Text.Json.Serialization;
using Faas.Actors.Scripts;
using Faas.Http.Wire;

namespace Faas.Http.Api.Scripts;

/// <summary>A page of the list of scripts.</summary>
/// <param name="Scripts">The scripts.</param>
/// <param name="Next">The <c>after</c> of the next page; left out: this is the last one.</param>
public sealed record ScriptPageReply(IReadOnlyList<ScriptLineReply> Scripts, string? Next);

/// <summary>One script in the list.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">What its latest version is written in.</param>
/// <param name="Version">The number of its latest version.</param>
/// <param name="Uploaded">When that was uploaded, UTC.</param>
/// <param name="Versions">How many versions it has.</param>
public sealed record ScriptLineReply(
    [property: JsonConverter(typeof(PlainTextConverter))] string Path, Language Language, long Version, DateTime Uploaded, int Versions)
{
    /// <summary>A line of the list as it is sent.</summary>
    public static ScriptLineReply Of(ScriptSummary script) =>
        new(script.Path, script.Latest.Language, script.Latest.Number, script.Latest.At.UtcDateTime, script.Versions);
}

/// <summary>One script.</summary>
/// <param name="Path">The script.</param>
/// <param name="Latest">Its latest version.</param>
/// <param name="Versions">How many versions it has.</param>
/// <param name="Created">When its oldest version was uploaded, UTC.</param>
/// <param name="Enabled">Whether it may be run.</param>
/// <param name="Aliases">Its aliases, sorted by name.</param>
/// <param name="Keep">Which versions are kept; left out: the server says it.</param>
public sealed record ScriptReply(
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    VersionReply Latest,
    int Versions,
    DateTime Created,
    bool Enabled,
    IReadOnlyList<AliasReply> Aliases,
    Retention? Keep)
{
    /// <summary>A script as it is sent.</summary>
    public static ScriptReply Of(string path, ScriptDescription script) => new(
        path,
        VersionReply.Of(script.Latest),
        script.Versions,
        script.Created.UtcDateTime,
        script.Enabled,
        AliasListReply.Of(script.Aliases).Aliases,
        script.Keep);
}

/// <summary>A page of a script's versions, newest first.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">The versions.</param>
/// <param name="Next">The <c>after</c> of the next page; left out: this is the last one.</param>
public sealed record VersionPageReply(
    [property: JsonConverter(typeof(PlainTextConverter))] string Path, IReadOnlyList<VersionReply> Versions, string? Next);

/// <summary>One version of a script.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Language">What its code is written in.</param>
/// <param name="Hash">SHA-256 of the code, in lower-case hex.</param>
/// <param name="Bytes">Length of the code in UTF-8.</param>
/// <param name="Uploaded">When it was uploaded, UTC.</param>
/// <param name="Settings">What its author said about its runs; a member that was left out at the upload is left out here.</param>
public sealed record VersionReply(
    long Version, Language Language, string Hash, int Bytes, DateTime Uploaded, ScriptSettings Settings)
{
    /// <summary>A version as it is sent.</summary>
    public static VersionReply Of(ScriptVersion version) => new(
        version.Number, version.Language, version.CodeHash, version.CodeBytes, version.At.UtcDateTime, version.Settings);
}
