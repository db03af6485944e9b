using Faas.Actors.Pool.Scheduler;

namespace Faas.Actors.Placement;

/// <summary>
/// Makes news of this node's pool. Theory of operation. At each look the seats are compared with those that were told last, so the news are
/// as long as what has changed. Nothing is told while nothing changes, except that the node lives. News with all seats follow when another
/// node asks for them. A seat, or a permit, that was free at this look or at the one before is told as free: a sandbox that executes a
/// short run at the moment of a look would else be taken for a busy one until the next look, and its script would spread to other nodes
/// for nothing.
/// </summary>
/// <param name="life">Tells this process from others at the same address.</param>
public sealed class DigestWriter(long life)
{
    /// <summary>News come at least so often, counted in looks.</summary>
    public const int MostSilent = 4;

    private PoolDigest? _told;
    private PoolDigest? _seen;
    private long _number;
    private int _silent;
    private bool _isWholeWanted = true;

    /// <summary>Another node lacks the seats: the next news have all of them.</summary>
    public void WantWhole() => _isWholeWanted = true;

    /// <summary>What is to be told now; null: nothing.</summary>
    public DigestNews? Next(PoolDigest seen)
    {
        var now = seen with { Free = Math.Max(seen.Free, _seen?.Free ?? 0), Seats = Larger(seen.Seats, _seen?.Seats) };
        _seen = seen;
        var changed = _isWholeWanted || _told is null ? now.Seats : Changes(_told.Seats, now.Seats);
        if (!_isWholeWanted && changed.Count == 0 && IsAsTold(now) && ++_silent < MostSilent)
        {
            return null;
        }

        var news = new DigestNews(
            life, ++_number, _isWholeWanted, now.Permits, now.Free, now.Waiting, now.IsDraining, now.Spares, changed);
        (_told, _silent, _isWholeWanted) = (now, 0, false);
        return news;
    }

    private bool IsAsTold(PoolDigest now) =>
        _told is { } told
        && (told.Permits, told.Free, told.Waiting, told.IsDraining) == (now.Permits, now.Free, now.Waiting, now.IsDraining)
        && Changes(told.Spares, now.Spares).Count == 0;

    private static Dictionary<long, int> Larger(IReadOnlyDictionary<long, int> now, IReadOnlyDictionary<long, int>? before)
    {
        var larger = new Dictionary<long, int>(now);
        foreach (var (key, seats) in before ?? new Dictionary<long, int>())
        {
            larger[key] = Math.Max(seats, larger.GetValueOrDefault(key));
        }

        return larger;
    }

    private static Dictionary<TKey, int> Changes<TKey>(IReadOnlyDictionary<TKey, int> told, IReadOnlyDictionary<TKey, int> now)
        where TKey : notnull
    {
        var changes = new Dictionary<TKey, int>();
        foreach (var (key, seats) in now)
        {
            if (!told.TryGetValue(key, out var before) || before != seats)
            {
                changes[key] = seats;
            }
        }

        foreach (var key in told.Keys)
        {
            if (!now.ContainsKey(key))
            {
                changes[key] = 0;
            }
        }

        return changes;
    }
}
