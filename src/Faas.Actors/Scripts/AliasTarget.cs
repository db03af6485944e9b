namespace Faas.Actors.Scripts;

/// <summary>What an alias names: one version, or two between which calls are split.</summary>
/// <param name="Version">The version, or the first of two.</param>
/// <param name="Weight">How many of 100 calls run it; 100 where it is the only one.</param>
/// <param name="Other">The version that the other calls run; null: there is none.</param>
/// <param name="Sticky">
/// The request header whose value chooses between two versions, so that one user gets one version; null: each call is drawn at random.
/// </param>
public sealed record AliasTarget(long Version, int Weight = AliasTarget.All, long? Other = null, string? Sticky = null)
{
    /// <summary>The sum of the weights.</summary>
    public const int All = 100;

    /// <summary>The version that a call runs.</summary>
    /// <param name="sample">From 0 to 99. A first version whose weight falls loses the highest samples, and keeps the others.</param>
    public long Choose(int sample) => sample < Weight ? Version : Other ?? Version;

    /// <summary>Whether it names the version.</summary>
    public bool Names(long version) => Version == version || Other == version;
}
