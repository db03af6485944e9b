namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>The server's own redis-server, for root on a disk that can be full.</summary>
internal sealed class EmbeddedStore : IStormStore
{
    private const int Megabytes = 32;
    private static readonly string[] s_reasons = ["store"];
    private readonly SmallDisk? _disk;

    /// <summary>Makes room for one.</summary>
    public EmbeddedStore()
    {
        _disk = System.Environment.IsPrivilegedProcess ? SmallDisk.Mount(Megabytes) : null;
        Faults =
        [
            new("its redis-server is killed", s_reasons, async (place, _, _) => Signals.Send(await RedisAsync(place), Signals.Kill)),
            new("its redis-server stands still", s_reasons, async (place, _, time) =>
            {
                var redis = await RedisAsync(place);
                Signals.Send(redis, Signals.Stop);
                await Task.Delay(time);
                Signals.Send(redis, Signals.Continue);
            }),
            .. _disk is null ? Array.Empty<Fault>() : [Fault.Lasting("the disk is full", s_reasons, _disk.Fill, _disk.Empty)],
        ];
    }

    /// <inheritdoc />
    public (string Name, string Value)[] Environment => _disk is null ? [] : [("FAAS_DATA_DIR", _disk.Folder)];

    /// <inheritdoc />
    public IReadOnlyList<Fault> Faults { get; }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _disk?.Dispose();
        return ValueTask.CompletedTask;
    }

    // There is one but for the moment in which it is started again.
    private static async Task<int> RedisAsync(Place place)
    {
        var pid = 0;
        await Eventually.HoldsAsync(
            () => (pid = HostProcess.ChildOf(place.Server.Pid, "redis-server")) > 0,
            TimeSpan.FromSeconds(10),
            () => $"the server has no redis-server\n{place.Server.Log}");
        return pid;
    }
}
