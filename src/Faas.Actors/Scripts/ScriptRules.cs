namespace Faas.Actors.Scripts;

/// <summary>What each command leads to. Pure: the time comes with the command.</summary>
public static class ScriptRules
{
    /// <summary>The decision.</summary>
    /// <param name="state">The script.</param>
    /// <param name="command">The command.</param>
    /// <param name="keep">Which versions are kept where the script does not say it.</param>
    public static ScriptDecision Decide(ScriptState state, IScriptCommand command, Retention keep) =>
        state.Latest is null ? Refuse(state, new VersionNotFound(state.Path, Version: null)) : command switch
        {
            DeleteScript delete => Store(state, new ScriptDeleted(state.Path, delete.At), new ScriptChanged(state.Path)),
            DeleteVersion delete => Delete(state, delete),
            ConfigureScript configure => Configure(state, configure, keep),
            IAliasCommand alias => AliasRules.Decide(state, alias),
            _ => throw new ArgumentException($"{command.GetType().Name} is no command.", nameof(command)),
        };

    /// <summary>What an upload leads to.</summary>
    /// <param name="state">The script.</param>
    /// <param name="command">The upload.</param>
    /// <param name="keep">Which versions are kept where the script does not say it.</param>
    public static ScriptDecision Publish(ScriptState state, PublishVersion command, Retention keep)
    {
        if (!command.Force && state.Latest is { } latest && latest.IsOf(command.Code.Language, command.Code.Hash, command.Settings))
        {
            return Refuse(state, new VersionPublished(state.Path, latest.Language, latest.Number, IsUnchanged: true));
        }

        var uploaded = state.Decide(command);
        var published = new VersionPublished(state.Path, uploaded.Version.Language, uploaded.Version.Number);
        return Expire(state, [uploaded], command.At, keep, _ => published);
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

    private static ScriptDecision Configure(ScriptState state, ConfigureScript configure, Retention keep)
    {
        var changes = new List<IScriptEvent>();
        if (configure.Enabled is { } enabled && enabled != state.Traits.Enabled)
        {
            changes.Add(new ScriptEnabled(state.Path, enabled, configure.At));
        }

        if (configure.Retention is { Keep: var own } && own != state.Traits.Keep)
        {
            changes.Add(new RetentionChanged(state.Path, own, configure.At));
        }

        return Expire(state, changes, configure.At, keep, after => new ScriptDescribed(state.Path, after.Describe()!));
    }

    // Versions that are no longer kept go with the change that makes it so.
    private static ScriptDecision Expire(
        ScriptState state, List<IScriptEvent> changes, DateTimeOffset now, Retention keep, Func<ScriptState, IWithScriptPath> reply)
    {
        var after = changes.Aggregate(state, (state, change) => state.Apply(change));
        var expired = (after.Traits.Keep ?? keep).Expired(after, now);
        if (expired.Count > 0)
        {
            var deleted = new VersionsDeleted(state.Path, [.. expired], now);
            changes.Add(deleted);
            after = after.Apply(deleted);
        }

        return new ScriptDecision(changes, after, reply(after));
    }

    /// <summary>Its state forbids the change.</summary>
    internal static ScriptDecision Conflict(ScriptState state, string detail) => Refuse(state, new ScriptConflict(state.Path, detail));

    private static string Quoted(IReadOnlyList<string> aliases) =>
        $"the alias{(aliases.Count == 1 ? "" : "es")} {string.Join(", ", aliases.Select(name => $"\"{name}\""))}";
}
