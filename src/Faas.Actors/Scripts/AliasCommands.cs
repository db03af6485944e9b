namespace Faas.Actors.Scripts;

/// <summary>What must hold of an alias before it is changed (RFC 9110, section 13.1).</summary>
/// <param name="Revisions">The alias has one of these revisions; null: it may have any.</param>
/// <param name="MustExist">The alias exists.</param>
/// <param name="MustNotExist">The alias does not exist.</param>
public sealed record AliasCondition(IReadOnlyList<long>? Revisions = null, bool MustExist = false, bool MustNotExist = false)
{
    /// <summary>Nothing must hold.</summary>
    public static AliasCondition None { get; } = new();

    /// <summary>Whether it holds of an alias, or of one that does not exist.</summary>
    public bool HoldsOf(ScriptAlias? alias) =>
        (Revisions is null || (alias is not null && Revisions.Contains(alias.Revision)))
        && !(MustExist && alias is null) && !(MustNotExist && alias is not null);
}

/// <summary>A command about an alias. It may also be answered by <see cref="AliasStale"/>.</summary>
public interface IAliasCommand : IScriptCommand
{
    /// <summary>The alias.</summary>
    string Name { get; }

    /// <summary>What must hold before.</summary>
    AliasCondition Condition { get; }
}

/// <summary>Moves an alias, or makes it. The reply is <see cref="AliasFound"/>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias, valid by <see cref="AliasName"/>.</param>
/// <param name="Target">What it names from now on.</param>
/// <param name="Condition">What must hold before.</param>
/// <param name="At">Now.</param>
public sealed record MoveAlias(string Path, string Name, AliasTarget Target, AliasCondition Condition, DateTimeOffset At) : IAliasCommand;

/// <summary>
/// Moves an alias back to what it named before its last move. The replies are <see cref="AliasFound"/> and <see cref="AliasNotFound"/>.
/// </summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias.</param>
/// <param name="Condition">What must hold before.</param>
/// <param name="At">Now.</param>
public sealed record RollBackAlias(string Path, string Name, AliasCondition Condition, DateTimeOffset At) : IAliasCommand;

/// <summary>Deletes an alias. The replies are <see cref="ScriptChanged"/> and <see cref="AliasNotFound"/>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Name">The alias.</param>
/// <param name="Condition">What must hold before.</param>
/// <param name="At">Now.</param>
public sealed record DeleteAlias(string Path, string Name, AliasCondition Condition, DateTimeOffset At) : IAliasCommand;

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
