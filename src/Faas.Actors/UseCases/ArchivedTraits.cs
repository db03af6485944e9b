using System.Collections.Immutable;
using Faas.Actors.Archives;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>Reads and checks what an archive says of a script beside its versions. Pure.</summary>
internal static class ArchivedTraits
{
    /// <summary>The highest number of a version: what every JSON parser reads exactly, with room for the numbers that follow it.</summary>
    public const long HighestNumber = (1L << 53) - 1;

    private const int MostHeaderName = 128;

    /// <summary>The traits, or what is wrong, as a sentence without its end.</summary>
    /// <param name="line">The line that begins the section.</param>
    /// <param name="versions">The versions of the section, by number; at least one.</param>
    public static (ScriptTraits? Traits, string? Wrong) Of(ArchiveLine line, IReadOnlyList<ScriptVersion> versions)
    {
        var numbers = versions.Select(version => version.Number).ToHashSet();
        var aliases = line.Aliases ?? ImmutableDictionary<string, ScriptAlias>.Empty;
        if (aliases.Select(alias => CheckAlias(alias.Key, alias.Value, numbers)).FirstOrDefault(wrong => wrong is not null) is { } wrong)
        {
            return (null, wrong);
        }

        if (line.Keep is { } keep && !(IsBetween(keep.Newest, Retention.MostNewest) && IsBetween(keep.Days, Retention.MostDays)))
        {
            return (null, $"\"keep\" allows 1 to {Retention.MostNewest} versions and 1 to {Retention.MostDays} days");
        }

        var (highest, revision) = (line.Highest ?? 0, line.Revision ?? 0);
        if (highest is < 0 or > HighestNumber || revision is < 0 or > HighestNumber)
        {
            return (null, $"\"highest\" and \"revision\" allow 0 to {HighestNumber}");
        }

        return (
            new ScriptTraits(
                Math.Max(highest, versions[^1].Number),
                line.Enabled ?? true,
                aliases.ToImmutableDictionary(StringComparer.Ordinal),
                aliases.Values.Select(alias => alias.Revision).Append(revision).Max(),
                line.Keep),
            null);
    }

    private static string? CheckAlias(string name, ScriptAlias alias, HashSet<long> numbers) =>
        !AliasName.IsValid(name) ? $"an alias's name is not {AliasName.Allowed}"
        : alias.Revision is < 0 or > HighestNumber ? $"the alias \"{name}\" has the revision {alias.Revision}"
        : CheckTarget(alias.Target) is { } wrong ? $"the alias \"{name}\" {wrong}"
        : alias.Before is { } before && CheckTarget(before) is { } wrongBefore ? $"the alias \"{name}\" {wrongBefore}"
        : !numbers.Contains(alias.Target.Version) ? Missing(name, alias.Target.Version)
        : alias.Target.Other is { } other && !numbers.Contains(other) ? Missing(name, other)
        : null;

    private static string Missing(string name, long version) =>
        $"the alias \"{name}\" names version {version}, which is not among those to import";

    private static string? CheckTarget(AliasTarget target) =>
        target.Weight is < 0 or > AliasTarget.All || (target.Other is null && target.Weight != AliasTarget.All)
            ? $"has the weight {target.Weight}"
        : target.Other == target.Version ? $"names version {target.Version} twice"
        : target.Sticky is { } header && (target.Other is null || header.Length > MostHeaderName || !HeaderName.IsValid(header))
            ? "has a \"sticky\" that is not the name of a header of a split"
        : null;

    private static bool IsBetween(int? count, int most) => count is null || (count >= 1 && count <= most);
}
