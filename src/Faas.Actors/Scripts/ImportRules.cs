namespace Faas.Actors.Scripts;

/// <summary>
/// What an import leads to. Pure. A version that the script has already must be the same as the imported one; the others are added,
/// in the order of their numbers. A path without a script gets all that the script has there. A script that exists keeps what it has
/// beside its versions, and gets the aliases whose names it lacks.
/// </summary>
public static class ImportRules
{
    // An event with all versions of a script could be larger than one message to the store should be.
    private const int VersionsInOneEvent = 500;

    /// <summary>The decision.</summary>
    public static ScriptDecision Decide(ScriptState state, ImportScript import)
    {
        var added = new List<ScriptVersion>();
        foreach (var version in import.Versions)
        {
            if (state.Find(version.Number) is not { } there)
            {
                added.Add(version);
            }
            else if (!there.IsOf(version.Language, version.CodeHash, version.Settings))
            {
                return ScriptRules.Conflict(state, ConflictOf(state.Path, there, version));
            }
        }

        var traits = state.Latest is null ? NewTraits(state, import) : KeptTraits(state, import);
        if (traits.Aliases.Count > AliasRules.MostAliases)
        {
            return ScriptRules.Conflict(
                state, $"The script \"{state.Path}\" would have {traits.Aliases.Count} aliases; it may have {AliasRules.MostAliases}.");
        }

        var events = new List<IScriptEvent>(
            added.Chunk(VersionsInOneEvent).Select(chunk => new VersionsImported(state.Path, [.. chunk], import.At)));
        if (traits != (state.Traits with { Highest = traits.Highest }) || traits.Highest > HighestOf(state, added))
        {
            events.Add(new TraitsImported(state.Path, traits, import.At));
        }

        var reply = new ScriptImported(state.Path, added.Count, events.Count > 0);
        return import.DryRun
            ? ScriptRules.Refuse(state, reply)
            : new ScriptDecision(events, events.Aggregate(state, (after, change) => after.Apply(change)), reply);
    }

    private static ScriptTraits NewTraits(ScriptState state, ImportScript import) => import.Traits with
    {
        Highest = Math.Max(state.Traits.Highest, import.Traits.Highest),
        Revision = Math.Max(state.Traits.Revision, import.Traits.Revision),
    };

    private static ScriptTraits KeptTraits(ScriptState state, ImportScript import)
    {
        var traits = state.Traits with { Highest = Math.Max(state.Traits.Highest, import.Traits.Highest) };
        var missing = import.Traits.Aliases.Where(alias => !traits.Aliases.ContainsKey(alias.Key));
        foreach (var (name, alias) in missing.OrderBy(alias => alias.Key, StringComparer.Ordinal))
        {
            var revision = traits.Revision + 1;
            traits = traits with { Revision = revision, Aliases = traits.Aliases.Add(name, alias with { Revision = revision }) };
        }

        return traits;
    }

    // What the events of the versions alone make of it.
    private static long HighestOf(ScriptState state, List<ScriptVersion> added) =>
        added.Count == 0 ? state.Traits.Highest : Math.Max(state.Traits.Highest, added[^1].Number);

    /// <summary>Why a version cannot be imported beside the one that has its number.</summary>
    public static string ConflictOf(string path, ScriptVersion there, ScriptVersion version) =>
        $"The version {version.Number} of the script \"{path}\" has other "
        + (there.Language != version.Language || there.CodeHash != version.CodeHash ? "code" : "settings") + " here.";
}
