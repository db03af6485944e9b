using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts;

/// <summary>What a script has beside its versions. A snapshot stores it as JSON.</summary>
/// <param name="Highest">The highest number that a version of the path ever had; none gets it again, even after a deletion.</param>
/// <param name="Enabled">Whether the script may be run.</param>
/// <param name="Aliases">Its aliases by name.</param>
/// <param name="Revision">How often an alias was changed, since the path was first used.</param>
/// <param name="Keep">Which versions are kept; null: the server says it.</param>
public sealed record ScriptTraits(
    long Highest,
    bool Enabled,
    ImmutableDictionary<string, ScriptAlias> Aliases,
    long Revision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Retention? Keep = null)
{
    /// <summary>Those of a path that was never used.</summary>
    public static ScriptTraits None { get; } = new(0, Enabled: true, ImmutableDictionary<string, ScriptAlias>.Empty, 0);

    /// <summary>The names of the aliases that a condition holds of, sorted.</summary>
    public IReadOnlyList<string> NamesOf(Func<ScriptAlias, bool> condition) =>
        [.. Aliases.Where(alias => condition(alias.Value)).Select(alias => alias.Key).Order(StringComparer.Ordinal)];

    /// <summary>Whether an alias names the version, or would name it after a rollback.</summary>
    public bool Holds(long number) => Aliases.Values.Any(alias => alias.Target.Names(number) || alias.Before?.Names(number) == true);

    /// <summary>These after an alias was changed.</summary>
    public ScriptTraits Move(AliasMoved moved) => this with
    {
        Revision = moved.Revision,
        Aliases = moved.Target is { } target
            ? Aliases.SetItem(moved.Name, new ScriptAlias(target, Aliases.GetValueOrDefault(moved.Name)?.Target, moved.Revision))
            : Aliases.Remove(moved.Name),
    };
}
