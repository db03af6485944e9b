namespace Faas.Actors.Scripts;

/// <summary>
/// A request that changes a script. The replies are <see cref="VersionNotFound"/> where the script or the version does not exist,
/// <see cref="ScriptConflict"/> where its state forbids the change, <see cref="StoreUnavailable"/>, and what each command says itself. The
/// change is durable before the reply.
/// </summary>
public interface IScriptCommand : IScriptRequest
{
    /// <summary>Now, by the caller's clock.</summary>
    DateTimeOffset At { get; }
}

/// <summary>Deletes the script with all its versions. The reply is <see cref="ScriptChanged"/>.</summary>
public sealed record DeleteScript(string Path, DateTimeOffset At) : IScriptCommand;

/// <summary>Deletes a version, which is not the only one. The reply is <see cref="ScriptChanged"/>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Number">The version.</param>
/// <param name="At">Now.</param>
public sealed record DeleteVersion(string Path, long Number, DateTimeOffset At) : IScriptCommand;

/// <summary>Changes what a script has beside its versions. The reply is <see cref="ScriptDescribed"/>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Enabled">Whether it may be run; null: as before.</param>
/// <param name="Retention">Which versions are kept, from now on and at once; null: as before.</param>
/// <param name="At">Now.</param>
public sealed record ConfigureScript(string Path, bool? Enabled, RetentionChange? Retention, DateTimeOffset At) : IScriptCommand;

/// <summary>The change is durable.</summary>
public sealed record ScriptChanged(string Path) : IWithScriptPath;

/// <summary>The script's state forbids the change; nothing has changed.</summary>
/// <param name="Path">The script.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record ScriptConflict(string Path, string Detail) : IWithScriptPath;
