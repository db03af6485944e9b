using System.Collections.Immutable;

namespace Faas.Actors.Scripts;

/// <summary>What has happened to a script. Persisted: the stored form of each is kept by golden bytes in the tests.</summary>
public interface IScriptEvent : IWithScriptPath;

/// <summary>A script has a new version.</summary>
/// <param name="Path">The script.</param>
/// <param name="Version">The version, newer than every earlier one.</param>
public sealed record VersionUploaded(string Path, ScriptVersion Version) : IScriptEvent;

/// <summary>Versions of a script were deleted.</summary>
/// <param name="Path">The script.</param>
/// <param name="Numbers">Their numbers.</param>
/// <param name="At">When.</param>
public sealed record VersionsDeleted(string Path, ImmutableArray<long> Numbers, DateTimeOffset At) : IScriptEvent;

/// <summary>A script was deleted with all that it had; what stays is which numbers were used.</summary>
/// <param name="Path">The script.</param>
/// <param name="At">When.</param>
public sealed record ScriptDeleted(string Path, DateTimeOffset At) : IScriptEvent;

/// <summary>It was said whether a script may be run.</summary>
/// <param name="Path">The script.</param>
/// <param name="Enabled">Whether it may.</param>
/// <param name="At">When.</param>
public sealed record ScriptEnabled(string Path, bool Enabled, DateTimeOffset At) : IScriptEvent;

/// <summary>It was said which versions of a script are kept.</summary>
/// <param name="Path">The script.</param>
/// <param name="Keep">Which; null: the server says it.</param>
/// <param name="At">When.</param>
public sealed record RetentionChanged(string Path, Retention? Keep, DateTimeOffset At) : IScriptEvent;

/// <summary>An alias was made, moved or deleted.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias.</param>
/// <param name="Target">What it names from then on; null: it was deleted.</param>
/// <param name="Revision">The number of this change among those of all aliases of the script.</param>
/// <param name="At">When.</param>
public sealed record AliasMoved(string Path, string Name, AliasTarget? Target, long Revision, DateTimeOffset At) : IScriptEvent;

/// <summary>Versions that another server has made were added under the numbers that they have there.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">By strictly increasing number; the script has had none of the numbers.</param>
/// <param name="At">When.</param>
public sealed record VersionsImported(string Path, ImmutableArray<ScriptVersion> Versions, DateTimeOffset At) : IScriptEvent;

/// <summary>What a script has beside its versions was taken over from another server.</summary>
/// <param name="Path">The script.</param>
/// <param name="Traits">All that it has from then on.</param>
/// <param name="At">When.</param>
public sealed record TraitsImported(string Path, ScriptTraits Traits, DateTimeOffset At) : IScriptEvent;

/// <summary>All of a script, as a snapshot keeps it.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">Its versions by strictly increasing number.</param>
/// <param name="Traits">What it has beside them; null: a server without them has written it.</param>
public sealed record ScriptSnapshot(string Path, IReadOnlyList<ScriptVersion> Versions, ScriptTraits? Traits = null) : IWithScriptPath;
