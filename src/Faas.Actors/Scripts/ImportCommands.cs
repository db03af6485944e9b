using System.Collections.Immutable;

namespace Faas.Actors.Scripts;

/// <summary>
/// Adds versions that another server has made, under the numbers that they have there, and what their script has beside them: all of it,
/// or nothing. Their code must be in the code store, with a reference of this script. The replies are <see cref="ScriptImported"/>,
/// <see cref="ScriptConflict"/> (nothing has changed), and <see cref="StoreUnavailable"/>.
/// </summary>
/// <param name="Path">The script; a path without a script gets one.</param>
/// <param name="Versions">By strictly increasing number; at least one.</param>
/// <param name="Traits">What the script has beside them there.</param>
/// <param name="At">Now.</param>
/// <param name="DryRun">Whether only the reply is wanted: nothing changes.</param>
public sealed record ImportScript(
    string Path, ImmutableArray<ScriptVersion> Versions, ScriptTraits Traits, DateTimeOffset At, bool DryRun = false) : IScriptRequest;

/// <summary>What was to be imported is there, durably.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">How many versions were not there before.</param>
/// <param name="IsChanged">Whether anything was not there before.</param>
public sealed record ScriptImported(string Path, int Versions, bool IsChanged) : IWithScriptPath;

/// <summary>
/// Asks for all of a script. The reply is <see cref="ScriptSnapshot"/>, <see cref="VersionNotFound"/> or <see cref="StoreUnavailable"/>.
/// </summary>
public sealed record GetScript(string Path) : IScriptQuestion;

/// <summary>
/// Says that code, which was stored for versions of an import, is not needed after all, unless a version of the script names it. The reply
/// is <see cref="ScriptChanged"/>; the code goes later.
/// </summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">The versions that were not imported.</param>
public sealed record ReleaseCode(string Path, ImmutableArray<ScriptVersion> Versions) : IScriptRequest;
