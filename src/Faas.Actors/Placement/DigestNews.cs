namespace Faas.Actors.Placement;

/// <summary>What one node tells the others of its pool: all but the seats, and the seats that have changed since the news before.</summary>
/// <param name="Life">Tells the node's processes apart, and the numbers of one from those of another.</param>
/// <param name="Number">Counts the news of this process, from 1. Whoever misses one does not know the seats.</param>
/// <param name="IsWhole">Whether <paramref name="Seats"/> has all of them.</param>
/// <param name="Permits">How many runs the node may execute at once.</param>
/// <param name="Free">How many of these permits nothing has.</param>
/// <param name="Waiting">The runs that wait there.</param>
/// <param name="IsDraining">Whether it refuses runs.</param>
/// <param name="Spares">The spares by the names of their images.</param>
/// <param name="Seats">For how many more runs which bindings have room; 0: none any more.</param>
public sealed record DigestNews(
    long Life,
    long Number,
    bool IsWhole,
    int Permits,
    int Free,
    int Waiting,
    bool IsDraining,
    IReadOnlyDictionary<string, int> Spares,
    IReadOnlyDictionary<long, int> Seats);
