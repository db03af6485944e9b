using System.Collections.Immutable;

namespace Faas.Actors.Scripts;

/// <summary>
/// A script: its versions, oldest first, and what it has beside them. Pure: the time comes with the command. A script that has no version
/// does not exist; after its deletion only its <see cref="ScriptTraits.Highest"/> and <see cref="ScriptTraits.Revision"/> are left.
/// </summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">Its versions by strictly increasing number.</param>
/// <param name="Traits">What it has beside them.</param>
public sealed record ScriptState(string Path, ImmutableList<ScriptVersion> Versions, ScriptTraits Traits)
{
    // Versions that the answer to a wrong number names.
    private const int MostNamed = 3;

    private static readonly Comparer<ScriptVersion> s_byNumber = Comparer<ScriptVersion>.Create(
        (one, other) => one.Number.CompareTo(other.Number));

    /// <summary>A script without versions.</summary>
    public static ScriptState Empty(string path) => new(path, [], ScriptTraits.None);

    /// <summary>The script as a snapshot has it.</summary>
    public static ScriptState From(ScriptSnapshot snapshot) => new(
        snapshot.Path,
        [.. snapshot.Versions],
        snapshot.Traits ?? ScriptTraits.None with { Highest = snapshot.Versions is [.., var latest] ? latest.Number : 0 });

    /// <summary>The newest version; null: none.</summary>
    public ScriptVersion? Latest => Versions.IsEmpty ? null : Versions[^1];

    /// <summary>The script's line in the list; null while it has no version.</summary>
    public ScriptSummary? Summary => Latest is { } latest
        ? new ScriptSummary(Path, latest, Versions.Count) { IsTool = Traits.Enabled && latest.Settings.Tool is true }
        : null;

    /// <summary>
    /// The event that the command leads to. The version's number is the command's Unix second, or the highest number that the path
    /// ever had, plus one, where that is larger.
    /// </summary>
    public VersionUploaded Decide(PublishVersion command)
    {
        var number = Math.Max(command.At.ToUnixTimeSeconds(), Traits.Highest + 1);
        var ((language, hash), bytes) = (command.Code, command.Bytes);
        return new VersionUploaded(Path, new ScriptVersion(number, language, hash, bytes, command.At, command.Settings));
    }

    /// <summary>The script after the event.</summary>
    public ScriptState Apply(IScriptEvent change) => change switch
    {
        VersionUploaded uploaded => this with
        {
            Versions = Versions.Add(uploaded.Version),
            Traits = Traits with { Highest = Math.Max(Traits.Highest, uploaded.Version.Number) },
        },
        VersionsImported imported => this with
        {
            Versions = With(imported.Versions),
            Traits = Traits with { Highest = Math.Max(Traits.Highest, imported.Versions[^1].Number) },
        },
        TraitsImported imported => this with { Traits = imported.Traits },
        VersionsDeleted deleted => Without(deleted.Numbers.ToHashSet()),
        RetentionChanged changed => this with { Traits = Traits with { Keep = changed.Keep } },
        ScriptDeleted => Empty(Path) with { Traits = ScriptTraits.None with { Highest = Traits.Highest, Revision = Traits.Revision } },
        ScriptEnabled enabled => this with { Traits = Traits with { Enabled = enabled.Enabled } },
        AliasMoved moved => this with { Traits = Traits.Move(moved) },
        _ => throw new ArgumentException($"{change.GetType().Name} is no event of a script.", nameof(change)),
    };

    /// <summary>A version by its number, or the latest for null; null: there is none.</summary>
    public ScriptVersion? Find(long? number)
    {
        if (number is null)
        {
            return Latest;
        }

        var at = IndexOf(number.Value);
        return at < 0 ? null : Versions[at];
    }

    /// <summary>Versions whose numbers are smaller than this one, or all for null, newest first, and whether there are more.</summary>
    public (IReadOnlyList<ScriptVersion> Versions, bool HasMore) Before(long? number, int most)
    {
        var at = number is { } before ? IndexOf(before) : Versions.Count;
        var end = at < 0 ? ~at : at;
        var start = Math.Max(0, end - most);
        return ([.. Versions.GetRange(start, end - start).Reverse()], start > 0);
    }

    /// <summary>What the script is; null while it has no version.</summary>
    public ScriptDescription? Describe() => Latest is { } latest
        ? new ScriptDescription(latest, Versions.Count, Versions[0].At, Traits.Enabled, Traits.Aliases, Traits.Keep)
        : null;

    /// <summary>The names of the aliases that name a version, sorted.</summary>
    public IReadOnlyList<string> AliasesOf(long number) => Traits.NamesOf(alias => alias.Target.Names(number));

    /// <summary>There is no such version, or for null no such script.</summary>
    public VersionNotFound NotFound(long? number) => new(Path, number, NewestNumbers(MostNamed));

    /// <summary>There is no such alias, or no such script.</summary>
    public IWithScriptPath NotFound(string alias) =>
        Latest is null ? NotFound(number: null) : new AliasNotFound(Path, alias, Traits.NamesOf(_ => true));

    private IReadOnlyList<long>? NewestNumbers(int most) =>
        Versions.IsEmpty ? null : [.. Versions.Skip(Versions.Count - most).Reverse().Select(version => version.Number)];

    /// <summary>
    /// The script with those versions that most calls mean: the latest, and those that aliases name. Of others it says nothing, so that
    /// what a node of a cluster borrows stays small.
    /// </summary>
    public ScriptState ForCalls()
    {
        var named = Traits.Aliases.Values.SelectMany(alias => (long?[])[alias.Target.Version, alias.Target.Other]).OfType<long>();
        var versions = named.Select(number => Find(number)).Append(Latest).OfType<ScriptVersion>().DistinctBy(version => version.Number);
        return this with { Versions = [.. versions.OrderBy(version => version.Number)] };
    }

    /// <summary>What a snapshot keeps.</summary>
    public ScriptSnapshot ToSnapshot() => new(Path, Versions, Traits);

    private ImmutableList<ScriptVersion> With(ImmutableArray<ScriptVersion> imported) =>
        Latest is null || imported[0].Number > Latest.Number
            ? Versions.AddRange(imported)
            : [.. Versions.Concat(imported).OrderBy(version => version.Number)];

    private ScriptState Without(HashSet<long> numbers) =>
        this with { Versions = Versions.RemoveAll(version => numbers.Contains(version.Number)) };

    private int IndexOf(long number) =>
        Versions.BinarySearch(new ScriptVersion(number, default, "", 0, default, ScriptSettings.Default), s_byNumber);
}
