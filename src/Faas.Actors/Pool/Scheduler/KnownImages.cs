using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// The images that the pool knows, in the order in which it considers them.
/// <para>
/// Theory of operation. Configured images come first, in their configured order, and stay. Any other image is added at the
/// end when its first run arrives, and forgotten once it is of no more use (<see cref="PooledImage.IsForgettable"/>). So
/// memory is bounded by the waiting runs, the living sandboxes and the images in recent demand, and the order depends on
/// the events alone. A decision looks at each known image a few times.
/// </para>
/// </summary>
internal sealed class KnownImages
{
    private readonly Dictionary<ImageKey, PooledImage> _byKey = [];
    private readonly List<PooledImage> _inOrder = [];
    private readonly int _configured;

    /// <summary>Knows the configured images.</summary>
    /// <param name="configured">Each with the spares to keep of it, in the order in which they are to be considered.</param>
    public KnownImages(IReadOnlyList<(ImageKey Image, int Spares)> configured)
    {
        foreach (var (image, spares) in configured)
        {
            Add(new PooledImage(image, spares, isConfigured: true));
        }

        _configured = _inOrder.Count;
    }

    /// <summary>How many there are.</summary>
    public int Count => _inOrder.Count;

    /// <summary>The image with the most failed starts since one that worked; null: each image's latest start worked.</summary>
    public PooledImage? Failing
    {
        get
        {
            PooledImage? worst = null;
            foreach (var image in _inOrder)
            {
                if (image.Backoff.FailedStarts > (worst?.Backoff.FailedStarts ?? 0))
                {
                    worst = image;
                }
            }

            return worst;
        }
    }

    /// <summary>The settings ask for other numbers of spares.</summary>
    public void Change(IReadOnlyList<(ImageKey Image, int Spares)> configured)
    {
        foreach (var (image, spares) in configured)
        {
            Of(image).LeastSpares = spares;
        }
    }

    /// <summary>For <c>foreach</c>, without an allocation.</summary>
    public List<PooledImage>.Enumerator GetEnumerator() => _inOrder.GetEnumerator();

    /// <summary>The image of this key, from now on known.</summary>
    public PooledImage Of(ImageKey key) =>
        _byKey.TryGetValue(key, out var image) ? image : Add(new PooledImage(key, 0, isConfigured: false));

    /// <summary>The image of this key, if it is known.</summary>
    public PooledImage? Find(ImageKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>How many spares there are of each image that has some, by its name.</summary>
    public IReadOnlyDictionary<string, int> Spares() =>
        _inOrder.Where(image => image.Fleet.Spares > 0).ToDictionary(image => image.Key.Name, image => image.Fleet.Spares);

    /// <summary>Forgets the images that are of no more use.</summary>
    public void ForgetUnused(TimeSpan now)
    {
        for (var i = _inOrder.Count - 1; i >= _configured; i--)
        {
            if (_inOrder[i].IsForgettable(now))
            {
                _byKey.Remove(_inOrder[i].Key);
                _inOrder.RemoveAt(i);
            }
        }
    }

    private PooledImage Add(PooledImage image)
    {
        _byKey.Add(image.Key, image);
        _inOrder.Add(image);
        return image;
    }
}
