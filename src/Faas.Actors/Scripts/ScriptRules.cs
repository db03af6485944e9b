namespace Faas.Actors.Scripts;

/// <summary>What each command leads to. Pure: the time comes with the command.</summary>
public static class ScriptRules
{
    /// <summary>The decision.</summary>
    public static ScriptDecision Decide(ScriptState state, IScriptCommand command) =>
        state.Latest is null ? Refuse(state, new VersionNotFound(state.Path, Version: null)) : command switch
        {
            DeleteScript delete => Store(state, new ScriptDeleted(state.Path, delete.At), new ScriptChanged(state.Path)),
            DeleteVersion delete => Delete(state, delete),
            EnableScript enable => Enable(state, enable),
            IAliasCommand alias => AliasRules.Decide(state, alias),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command.", nameof(command)),
        };

    /// <summary>What an upload leads to.</summary>
    public static ScriptDecision Publish(ScriptState state, PublishVersion command)
    {
        if (!command.Force && state.Latest is { } latest && latest.IsOf(command.Code.Language, command.Code.Hash, command.Settings))
        {
            return Refuse(state, new VersionPublished(state.Path, latest.Language, latest.Number, IsUnchanged: true));
        }

        var uploaded = state.Decide(command);
        return Store(state, uploaded, new VersionPublished(state.Path, uploaded.Version.Language, uploaded.Version.Number));
    }

    /// <summary>One event, and the reply to it.</summary>
    internal static ScriptDecision Store(ScriptState state, IScriptEvent change, IWithScriptPath reply) =>
        new([change], state.Apply(change), reply);

    /// <summary>Nothing changes.</summary>
    internal static ScriptDecision Refuse(ScriptState state, IWithScriptPath reply) => new([], state, reply);

    private static ScriptDecision Delete(ScriptState state, DeleteVersion delete)
    {
        var (path, number) = (state.Path, delete.Number);
        if (state.Find(number) is null)
        {
            return Refuse(state, state.NotFound(number));
        }

        var aliases = state.AliasesOf(number);
        return aliases.Count > 0 ? Conflict(
                state, $"The version {number} of the script \"{path}\" is named by {Quoted(aliases)}; move or delete that first.")
            : state.Versions.Count == 1 ? Conflict(
                state, $"The version {number} is the only one of the script \"{path}\"; delete the script.")
            : Store(state, new VersionsDeleted(path, [number], delete.At), new ScriptChanged(path));
    }

    private static ScriptDecision Enable(ScriptState state, EnableScript enable)
    {
        IScriptEvent[] events = state.Traits.Enabled == enable.Enabled
            ? []
            : [new ScriptEnabled(state.Path, enable.Enabled, enable.At)];
        var after = events.Aggregate(state, (state, change) => state.Apply(change));
        return new ScriptDecision(events, after, new ScriptDescribed(state.Path, after.Describe()!));
    }

    /// <summary>Its state forbids the change.</summary>
    internal static ScriptDecision Conflict(ScriptState state, string detail) => Refuse(state, new ScriptConflict(state.Path, detail));

    private static string Quoted(IReadOnlyList<string> aliases) =>
        $"the alias{(aliases.Count == 1 ? "" : "es")} {string.Join(", ", aliases.Select(name => $"\"{name}\""))}";
}
