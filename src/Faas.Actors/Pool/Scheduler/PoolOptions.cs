using Faas.Actors.Configuration;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary><c>faas.pool</c> of hocon/faas.conf, which documents each value.</summary>
public sealed record PoolOptions(
    int Running,
    int Sandboxes,
    long MemoryBytes,
    int SpareNode,
    int SparePython,
    int MaxSpares,
    long SpareMemoryBytes,
    int Starts,
    int Queue,
    TimeSpan QueueTimeout,
    TimeSpan IdleTtl)
{
    // Of the machine's memory, by default.
    private const int Share = 4;

    // Of each processor, by default: scripts wait for a database or a network too.
    private const int RunningByProcessor = 4;

    /// <summary>How many processors the sandboxes share.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>The images of <c>faas.images</c>, which say how many spares are kept of them.</summary>
    public LibraryImages Images { get; init; } = LibraryImages.None;

    /// <summary>The images that are always known, in the order in which they are considered, each with the spares to keep of it.</summary>
    internal IReadOnlyList<(ImageKey Image, int Spares)> ConfiguredImages =>
    [
        (new ImageKey(Runtime.Node), SpareNode),
        (new ImageKey(Runtime.Python), SparePython),
        .. Images.All.Select(image => (new ImageKey(image.Runtime, Libraries: image.Name), image.Spares)),
    ];

    /// <summary>The same with the images of others: a pool has those of its start until its end.</summary>
    public PoolOptions WithImagesOf(PoolOptions other) => this with { Images = other.Images };

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static PoolOptions From(Settings settings)
    {
        var sandboxes = settings.Int("faas.pool.sandboxes", 1, 10_000);
        return new PoolOptions(
            settings.Int("faas.pool.running", 0, 1000) is > 0 and var running ? running : RunningByProcessor * Environment.ProcessorCount,
            sandboxes,
            settings.Size("faas.pool.memory", 0, 1L << 50) is > 0 and var memory ? memory : MachineMemory.Bytes / Share,
            settings.Int("faas.pool.spares.node", 0, sandboxes),
            settings.Int("faas.pool.spares.python", 0, sandboxes),
            settings.Int("faas.pool.spares.max", 0, 1000),
            settings.Size("faas.pool.spares.memory", 0, 1L << 40),
            settings.Int("faas.pool.starts", 0, 100) is > 0 and var starts ? starts : Environment.ProcessorCount,
            settings.Int("faas.pool.queue", 0, 100_000),
            settings.Duration("faas.pool.queue-timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)),
            settings.Duration("faas.pool.idle-ttl", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)))
        {
            Images = LibraryImages.From(settings),
        };
    }
}
