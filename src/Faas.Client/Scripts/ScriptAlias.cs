using System.Text.Json.Serialization;

namespace Faas.Client;

/// <summary>A name for a version of a script, or for two between which calls are split.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version; null: there are two.</param>
/// <param name="Split">The two versions; null: there is one.</param>
/// <param name="Sticky">The request header whose value chooses between the two; null: each call is drawn.</param>
/// <param name="Previous">What it named before its last move; null: it has never been moved.</param>
public sealed record ScriptAlias(
    string Name, long? Version = null, IReadOnlyList<AliasShare>? Split = null, string? Sticky = null, AliasTarget? Previous = null)
{
    /// <summary>
    /// The entity tag of this state of the alias. A change that names it is made only while the alias is in this state. Null in a list.
    /// </summary>
    [JsonIgnore]
    public string? Tag { get; init; }
}

/// <summary>What an alias names: a version, or two of them.</summary>
/// <param name="Version">The version; null: there are two.</param>
/// <param name="Split">The two versions, whose weights add up to 100; null: there is one.</param>
/// <param name="Sticky">The request header whose value chooses between the two; null: each call is drawn.</param>
public sealed record AliasTarget(long? Version = null, IReadOnlyList<AliasShare>? Split = null, string? Sticky = null);

/// <summary>A version's share of the calls of an alias.</summary>
/// <param name="Version">The version.</param>
/// <param name="Weight">How many of 100 calls run it.</param>
public sealed record AliasShare(long Version, int Weight);

/// <summary>The answer of a list of aliases.</summary>
internal sealed record AliasList(IReadOnlyList<ScriptAlias> Aliases);
