namespace Faas.Actors.Scripts;

/// <summary>What each command about an alias leads to. Pure.</summary>
internal static class AliasRules
{
    /// <summary>The most aliases of a script: all of them are read with it.</summary>
    public const int MostAliases = 100;

    /// <summary>The decision.</summary>
    public static ScriptDecision Decide(ScriptState state, IAliasCommand command)
    {
        var alias = state.Traits.Aliases.GetValueOrDefault(command.Name);
        if (!command.Condition.HoldsOf(alias?.Revision))
        {
            return ScriptRules.Refuse(state, new AliasStale(state.Path, command.Name, alias));
        }

        return command switch
        {
            MoveAlias move => Move(state, move, move.Target, alias),
            _ when alias is null => ScriptRules.Refuse(state, state.NotFound(command.Name)),
            RollBackAlias => RollBack(state, command, alias),
            DeleteAlias => ScriptRules.Store(
                state, new AliasMoved(state.Path, command.Name, Target: null, Next(state), command.At), new ScriptChanged(state.Path)),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command.", nameof(command)),
        };
    }

    // A move to where the alias is already changes nothing, so a client that repeats it does not lose the way back.
    private static ScriptDecision Move(ScriptState state, IAliasCommand command, AliasTarget target, ScriptAlias? alias) =>
        state.Find(target.Version) is null ? ScriptRules.Refuse(state, state.NotFound(target.Version))
        : target.Other is { } other && state.Find(other) is null ? ScriptRules.Refuse(state, state.NotFound(other))
        : alias is null && state.Traits.Aliases.Count >= MostAliases
            ? ScriptRules.Conflict(state, $"The script \"{state.Path}\" has {MostAliases} aliases, and may have no more.")
        : alias?.Target == target
            ? ScriptRules.Refuse(state, new AliasFound(state.Path, command.Name, alias))
        : Moved(state, new AliasMoved(state.Path, command.Name, target, Next(state), command.At));

    private static ScriptDecision RollBack(ScriptState state, IAliasCommand command, ScriptAlias alias) =>
        alias.Before is not { } before
            ? ScriptRules.Conflict(state, $"The alias \"{command.Name}\" of the script \"{state.Path}\" has not been moved yet.")
        : Missing(state, before) is { } missing
            ? ScriptRules.Conflict(
                state,
                $"The alias \"{command.Name}\" of the script \"{state.Path}\" named version {missing} before, which has been deleted.")
        : Move(state, command, before, alias);

    private static ScriptDecision Moved(ScriptState state, AliasMoved moved)
    {
        var after = state.Apply(moved);
        var isNew = !state.Traits.Aliases.ContainsKey(moved.Name);
        return new ScriptDecision([moved], after, new AliasFound(state.Path, moved.Name, after.Traits.Aliases[moved.Name], isNew));
    }

    private static long? Missing(ScriptState state, AliasTarget target) =>
        state.Find(target.Version) is null ? target.Version
        : target.Other is { } other && state.Find(other) is null ? other
        : null;

    private static long Next(ScriptState state) => state.Traits.Revision + 1;
}
