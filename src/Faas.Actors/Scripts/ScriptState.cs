using System.Collections.Immutable;
using System.Text;

namespace Faas.Actors.Scripts;

/// <summary>A script: its versions, oldest first. Pure: the time comes with the command.</summary>
/// <param name="Path">The script.</param>
/// <param name="Versions">Its versions by strictly increasing number.</param>
public sealed record ScriptState(string Path, ImmutableList<ScriptVersion> Versions)
{
    private static readonly Comparer<ScriptVersion> s_byNumber = Comparer<ScriptVersion>.Create(
        (one, other) => one.Number.CompareTo(other.Number));

    /// <summary>A script without versions.</summary>
    public static ScriptState Empty(string path) => new(path, []);

    /// <summary>The script as a snapshot has it.</summary>
    public static ScriptState From(ScriptSnapshot snapshot) => new(snapshot.Path, [.. snapshot.Versions]);

    /// <summary>The newest version; null: none.</summary>
    public ScriptVersion? Latest => Versions.IsEmpty ? null : Versions[^1];

    /// <summary>The script's line in the list; null while it has no version.</summary>
    public ScriptSummary? Summary => Latest is { } latest ? new ScriptSummary(Path, latest, Versions.Count) : null;

    /// <summary>
    /// The event that the command leads to. The version's number is the command's Unix second, or the last number plus one where that is
    /// larger.
    /// </summary>
    public VersionUploaded Decide(PublishVersion command)
    {
        var number = Math.Max(command.At.ToUnixTimeSeconds(), (Latest?.Number ?? 0) + 1);
        var code = command.Code;
        var bytes = Encoding.UTF8.GetByteCount(code.Source);
        return new VersionUploaded(Path, new ScriptVersion(number, code.Language, code.Hash, bytes, command.At, command.Settings));
    }

    /// <summary>The script after the event.</summary>
    public ScriptState Apply(VersionUploaded uploaded) => this with { Versions = Versions.Add(uploaded.Version) };

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
    public ScriptDescription? Describe() => Latest is { } latest ? new ScriptDescription(latest, Versions.Count, Versions[0].At) : null;

    /// <summary>The numbers of the newest versions, newest first; null: there is none.</summary>
    public IReadOnlyList<long>? NewestNumbers(int most) =>
        Versions.IsEmpty ? null : [.. Versions.Skip(Versions.Count - most).Reverse().Select(version => version.Number)];

    /// <summary>What a snapshot keeps.</summary>
    public ScriptSnapshot ToSnapshot() => new(Path, Versions);

    private int IndexOf(long number) =>
        Versions.BinarySearch(new ScriptVersion(number, default, "", 0, default, ScriptSettings.Default), s_byNumber);
}
