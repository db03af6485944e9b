using System.Text.Json.Serialization;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Kept;

/// <summary>
/// What an asynchronous run hands on to when it has ended: runs that follow one another in this way are a chain. Pure.
/// Serialization/SCHEMA.md has its stored form.
/// </summary>
public sealed record KeptThen
{
    /// <summary>The most destinations that a call may name, those of its destinations among them.</summary>
    public const int MostDestinations = 100;

    /// <summary>What gets the value of a run that has returned one; null: nothing.</summary>
    public KeptDestination? Success { get; init; }

    /// <summary>What is told of a run that has failed; null: nothing.</summary>
    public KeptDestination? Failure { get; init; }

    /// <summary>How many runs can follow one another.</summary>
    [JsonIgnore]
    public int Levels => 1 + Math.Max(Success?.Then?.Levels ?? 0, Failure?.Then?.Levels ?? 0);

    /// <summary>All destinations, those of destinations among them.</summary>
    [JsonIgnore]
    public IEnumerable<KeptDestination> All => new[] { Success, Failure }.OfType<KeptDestination>().SelectMany(to => (KeptDestination[])
    [
        to, .. to.Then?.All ?? [],
    ]);

    /// <summary>Where a run goes that has ended; null: nowhere.</summary>
    /// <param name="then">What it hands on to; null: nothing.</param>
    /// <param name="end">How it ended. A run that was cancelled hands nothing on.</param>
    public static KeptDestination? After(KeptThen? then, KeptEnd end) =>
        end.IsOk ? then?.Success
        : end.Reason == Reason.Cancelled.ToWire() ? null
        : then?.Failure;
}

/// <summary>The script that the next run of a chain runs.</summary>
/// <param name="Path">The script.</param>
public sealed record KeptDestination(string Path)
{
    /// <summary>A version's number or an alias, looked up when the run is handed on; null: the latest version.</summary>
    public string? Version { get; init; }

    /// <summary>What that run hands on to; null: nothing.</summary>
    public KeptThen? Then { get; init; }

    /// <summary>The version.</summary>
    [JsonIgnore]
    public VersionRef VersionRef => Version is not null && VersionRef.TryParse(Version, out var version) ? version : VersionRef.Latest;
}
