using Faas.Actors.Scripts;

namespace Faas.Http.Api.Scripts;

/// <summary>The aliases of a script.</summary>
/// <param name="Aliases">Sorted by name.</param>
public sealed record AliasListReply(IReadOnlyList<AliasReply> Aliases)
{
    /// <summary>Aliases as they are sent.</summary>
    public static AliasListReply Of(IReadOnlyDictionary<string, ScriptAlias> aliases) => new(
        [.. aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal).Select(alias => AliasReply.Of(alias.Key, alias.Value))]);
}

/// <summary>One alias.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">The version that it names; left out where there are two.</param>
/// <param name="Split">The two versions that it names; left out where there is one.</param>
/// <param name="Sticky">The header whose value chooses between the two; left out: they are drawn.</param>
/// <param name="Previous">What it named before its last move; left out: it has never been moved.</param>
public sealed record AliasReply(
    string Name, long? Version, IReadOnlyList<ShareReply>? Split, string? Sticky, TargetReply? Previous)
{
    /// <summary>An alias as it is sent.</summary>
    public static AliasReply Of(string name, ScriptAlias alias)
    {
        var now = TargetReply.Of(alias.Target);
        return new AliasReply(name, now.Version, now.Split, now.Sticky, alias.Before is { } before ? TargetReply.Of(before) : null);
    }
}

/// <summary>What an alias names.</summary>
/// <param name="Version">The version; left out where there are two.</param>
/// <param name="Split">The two versions; left out where there is one.</param>
/// <param name="Sticky">The header whose value chooses between the two; left out: they are drawn.</param>
public sealed record TargetReply(long? Version, IReadOnlyList<ShareReply>? Split, string? Sticky)
{
    /// <summary>A target as it is sent.</summary>
    public static TargetReply Of(AliasTarget target) => target.Other is { } other
        ? new TargetReply(
            null,
            [new ShareReply(target.Version, target.Weight), new ShareReply(other, AliasTarget.All - target.Weight)],
            target.Sticky)
        : new TargetReply(target.Version, null, null);
}

/// <summary>A version's share of the calls of an alias.</summary>
/// <param name="Version">The version.</param>
/// <param name="Weight">How many of 100 calls run it.</param>
public sealed record ShareReply(long Version, int Weight);
