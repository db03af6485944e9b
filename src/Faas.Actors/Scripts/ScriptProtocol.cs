namespace Faas.Actors.Scripts;

/// <summary>A message about one script.</summary>
public interface IWithScriptPath
{
    /// <summary>The script's path, valid by <see cref="ScriptPath"/>.</summary>
    string Path { get; }
}

/// <summary>A message to a script's actor, which replies to each with one message. The registry routes it by its path.</summary>
public interface IScriptRequest : IWithScriptPath;

/// <summary>A request that changes nothing, so it may be sent again when no reply comes.</summary>
public interface IScriptQuestion : IScriptRequest;

/// <summary>
/// Makes code that is stored the script's newest version; code and settings of the latest version change nothing. The reply is
/// <see cref="VersionPublished"/> once the version is durable, <see cref="CodeMissing"/> or <see cref="StoreUnavailable"/>.
/// </summary>
/// <param name="Path">The script.</param>
/// <param name="Code">The code, which was stored for this script before.</param>
/// <param name="Bytes">The length of its source.</param>
/// <param name="At">Now, by the caller's clock.</param>
/// <param name="Settings">What its author says about its runs.</param>
/// <param name="Force">Whether code and settings of the latest version are to be a new version, too.</param>
public sealed record PublishVersion(
    string Path, CodeName Code, int Bytes, DateTimeOffset At, ScriptSettings Settings, bool Force = false)
    : IScriptRequest
{
    /// <summary>Makes this code the newest version.</summary>
    public static PublishVersion Of(string path, ScriptCode code, DateTimeOffset at, ScriptSettings settings, bool force = false) =>
        new(path, CodeName.Of(code), code.Bytes, at, settings, force);
}

/// <summary>The code of an upload is not stored: it was deleted with the script's last version that had it. Store it again.</summary>
public sealed record CodeMissing(string Path) : IWithScriptPath;

/// <summary>The version is durable.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">What its code is written in.</param>
/// <param name="Version">Its number.</param>
/// <param name="IsUnchanged">Whether it is the version that was the latest before.</param>
public sealed record VersionPublished(string Path, Language Language, long Version, bool IsUnchanged = false) : IWithScriptPath;

/// <summary>
/// Asks for a version. The reply is <see cref="VersionFound"/>, <see cref="VersionNotFound"/> or <see cref="StoreUnavailable"/>.
/// </summary>
/// <param name="Path">The script.</param>
/// <param name="Version">The version; null: the latest.</param>
public sealed record GetVersion(string Path, long? Version) : IScriptQuestion;

/// <summary>The version exists.</summary>
/// <param name="Path">The script.</param>
/// <param name="Version">The version.</param>
/// <param name="Enabled">Whether the script may be run.</param>
public sealed record VersionFound(string Path, ScriptVersion Version, bool Enabled = true) : IWithScriptPath;

/// <summary>No such script, or no such version of it.</summary>
/// <param name="Path">The script.</param>
/// <param name="Version">The version that was asked for; null: the latest.</param>
/// <param name="Newest">The script's newest versions, newest first; null: it has none.</param>
public sealed record VersionNotFound(string Path, long? Version, IReadOnlyList<long>? Newest = null) : IWithScriptPath;

/// <summary>
/// Asks what the script is. The reply is <see cref="ScriptDescribed"/>, <see cref="VersionNotFound"/> or <see cref="StoreUnavailable"/>.
/// </summary>
public sealed record DescribeScript(string Path) : IScriptQuestion;

/// <summary>The script exists.</summary>
public sealed record ScriptDescribed(string Path, ScriptDescription Script) : IWithScriptPath;

/// <summary>
/// Asks for versions, newest first. The reply is <see cref="VersionsFound"/>, <see cref="VersionNotFound"/> or
/// <see cref="StoreUnavailable"/>.
/// </summary>
/// <param name="Path">The script.</param>
/// <param name="Before">Only versions with smaller numbers; null: from the latest on.</param>
/// <param name="Most">How many to return, at least 1.</param>
public sealed record GetVersions(string Path, long? Before, int Most) : IScriptQuestion;

/// <summary>The script exists.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">The versions that were asked for, newest first.</param>
/// <param name="HasMore">Whether the script has older versions.</param>
public sealed record VersionsFound(string Path, IReadOnlyList<ScriptVersion> Versions, bool HasMore) : IWithScriptPath;

/// <summary>The store did not answer, or refused; nothing is known to have changed.</summary>
public sealed record StoreUnavailable(string Path, string Detail) : IWithScriptPath;

/// <summary>Asks the catalog for all scripts. The reply is <see cref="ScriptList"/>, or <see cref="StoreUnavailable"/>.</summary>
public sealed record ListScripts
{
    /// <summary>The only instance.</summary>
    public static ListScripts Instance { get; } = new();
}

/// <summary>All scripts, by path in ordinal order.</summary>
public sealed record ScriptList(IReadOnlyList<ScriptSummary> Scripts);
