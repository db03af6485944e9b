namespace Faas.Actors.Placement;

/// <summary>What this node knows of the pool of another one: its latest news, less what this node has sent there since.</summary>
internal sealed class OtherPool
{
    private readonly Dictionary<long, int> _seats = [];
    private readonly Dictionary<string, int> _spares = [];

    // Since the latest news: seats that this node's runs have taken there (less than 0), or have left to the next run (more).
    private readonly Dictionary<long, int> _counted = [];
    private long _life;
    private bool _knowsSeats;

    /// <summary>The number of the latest news.</summary>
    public long Number { get; private set; }

    /// <summary>When they came, as a time stamp.</summary>
    public long Heard { get; private set; }

    /// <summary>Whether it refuses runs.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>How many runs it may execute at once.</summary>
    public int Permits { get; private set; }

    /// <summary>How many of these permits nothing has.</summary>
    public int Free { get; private set; }

    /// <summary>The runs that wait there.</summary>
    public int Waiting { get; private set; }

    /// <summary>All of it in numbers.</summary>
    public NodeLevels Levels => new(Permits, Free, Waiting, _spares.Values.Sum(), _seats.Keys.Union(_counted.Keys).Sum(Seats), IsDraining);

    /// <summary>Takes news. False: others before them did not come, so the seats are not known.</summary>
    public bool Take(DigestNews news, long now)
    {
        if (news.Life == _life && news.Number <= Number)
        {
            return true; // an old one, which came late
        }

        _knowsSeats = news.IsWhole || (_knowsSeats && news.Life == _life && news.Number == Number + 1);
        (_life, Number, Heard) = (news.Life, news.Number, now);
        (Permits, Free, Waiting, IsDraining) = (news.Permits, news.Free, news.Waiting, news.IsDraining);
        Replace(_spares, news.Spares);
        _counted.Clear();
        if (news.IsWhole || !_knowsSeats)
        {
            _seats.Clear();
        }

        if (_knowsSeats)
        {
            Change(news.Seats);
        }

        return _knowsSeats;
    }

    /// <summary>Whether a bound sandbox there has room for a run of this binding.</summary>
    public bool HasSeat(long binding) => Free > 0 && Seats(binding) > 0;

    /// <summary>Whether there is a spare of this image.</summary>
    public bool HasSpare(string image) => Free > 0 && _spares.GetValueOrDefault(image) > 0;

    /// <summary>This node sends a run there (<paramref name="by"/> = -1), or it has ended without other news meanwhile (1).</summary>
    public void Count(long? binding, string image, int by)
    {
        Free = Math.Max(0, Free + by);
        if (binding is { } bound && (by > 0 || Seats(bound) > 0))
        {
            _counted[bound] = _counted.GetValueOrDefault(bound) + by;
        }
        else if (by < 0 && _spares.TryGetValue(image, out var spares))
        {
            _spares[image] = Math.Max(0, spares + by);
        }
    }

    private int Seats(long binding) => Math.Max(0, _seats.GetValueOrDefault(binding) + _counted.GetValueOrDefault(binding));

    private void Change(IReadOnlyDictionary<long, int> changed)
    {
        foreach (var (key, seats) in changed)
        {
            if (seats == 0)
            {
                _seats.Remove(key);
            }
            else
            {
                _seats[key] = seats;
            }
        }
    }

    private static void Replace(Dictionary<string, int> all, IReadOnlyDictionary<string, int> by)
    {
        all.Clear();
        foreach (var (key, count) in by)
        {
            all[key] = count;
        }
    }
}
