namespace Faas.Actors.Scripts;

/// <summary>A command about an alias. It may also be answered by <see cref="AliasStale"/>.</summary>
public interface IAliasCommand : IScriptCommand
{
    /// <summary>The alias.</summary>
    string Name { get; }

    /// <summary>What must hold before.</summary>
    RevisionCondition Condition { get; }
}

/// <summary>Moves an alias, or makes it. The reply is <see cref="AliasFound"/>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias, valid by <see cref="AliasName"/>.</param>
/// <param name="Target">What it names from now on.</param>
/// <param name="Condition">What must hold before.</param>
/// <param name="At">Now.</param>
public sealed record MoveAlias(string Path, string Name, AliasTarget Target, RevisionCondition Condition, DateTimeOffset At)
    : IAliasCommand;

/// <summary>
/// Moves an alias back to what it named before its last move. The replies are <see cref="AliasFound"/> and <see cref="AliasNotFound"/>.
/// </summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias.</param>
/// <param name="Condition">What must hold before.</param>
/// <param name="At">Now.</param>
public sealed record RollBackAlias(string Path, string Name, RevisionCondition Condition, DateTimeOffset At) : IAliasCommand;

/// <summary>Deletes an alias. The replies are <see cref="ScriptChanged"/> and <see cref="AliasNotFound"/>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias.</param>
/// <param name="Condition">What must hold before.</param>
/// <param name="At">Now.</param>
public sealed record DeleteAlias(string Path, string Name, RevisionCondition Condition, DateTimeOffset At) : IAliasCommand;

/// <summary>
/// Asks for an alias. The reply is <see cref="AliasFound"/>, <see cref="AliasNotFound"/>, <see cref="VersionNotFound"/> (there is no such
/// script) or <see cref="StoreUnavailable"/>.
/// </summary>
public sealed record GetAlias(string Path, string Name) : IScriptQuestion;

/// <summary>The alias exists.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias.</param>
/// <param name="Alias">What it names.</param>
/// <param name="IsNew">Whether the command has made it.</param>
public sealed record AliasFound(string Path, string Name, ScriptAlias Alias, bool IsNew = false) : IWithScriptPath;

/// <summary>The script has no such alias.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias that was asked for.</param>
/// <param name="Known">The aliases that it has.</param>
public sealed record AliasNotFound(string Path, string Name, IReadOnlyList<string> Known) : IWithScriptPath;

/// <summary>The command's condition does not hold; nothing has changed.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias.</param>
/// <param name="Alias">The alias as it is; null: it does not exist.</param>
public sealed record AliasStale(string Path, string Name, ScriptAlias? Alias) : IWithScriptPath;
