namespace Faas.Actors.Scripts;

/// <summary>Which versions of a script are kept. A version that any of the rules keeps is kept; without a rule all are.</summary>
/// <param name="Newest">How many of the newest versions are kept; left out: no such rule.</param>
/// <param name="Days">For how many days after its upload a version is kept; left out: no such rule.</param>
public sealed record Retention(int? Newest = null, int? Days = null)
{
    /// <summary>The largest <see cref="Newest"/>.</summary>
    public const int MostNewest = 1_000_000;

    /// <summary>The largest <see cref="Days"/>: a hundred years.</summary>
    public const int MostDays = 36_500;

    /// <summary>All versions are kept.</summary>
    public static Retention All { get; } = new();

    /// <summary>
    /// The numbers of the versions that are not kept. The latest is always kept, and so is each version that an alias names or would name
    /// after a rollback.
    /// </summary>
    public IReadOnlyList<long> Expired(ScriptState state, DateTimeOffset now)
    {
        if (this == All)
        {
            return [];
        }

        var firstOfNewest = state.Versions.Count - Math.Max(1, Newest ?? 1);
        var since = Days is { } days ? now - TimeSpan.FromDays(days) : DateTimeOffset.MaxValue;
        return
        [
            .. state.Versions
                .Where((version, index) => index < firstOfNewest && version.At < since && !state.Traits.Holds(version.Number))
                .Select(version => version.Number),
        ];
    }
}

/// <summary>Says which versions of a script are to be kept.</summary>
/// <param name="Keep">The script's own rules; null: those of the server.</param>
public sealed record RetentionChange(Retention? Keep);
