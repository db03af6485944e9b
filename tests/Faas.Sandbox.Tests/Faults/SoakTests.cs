using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>
/// Many calls of every kind, after which the server has nothing that it had not before. <c>FAAS_SOAK_CALLS</c> says how many.
/// </summary>
[TestLimit(300)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Callers = 4;
    private const int Samples = 20; // of each half
    private const int SnapshotEvery = 100;

    // What is left when all is at rest for as long as idle sandboxes are kept.
    private const int Spares = 2;

    // By the fitted line, whatever the number of calls: noise of the heap is as much. Over 200,000 calls a leak of 1 KiB a call is 195 MiB.
    private const double MostManaged = 16 << 20;
    private const double MostResident = 64 << 20;

    private static readonly string s_settings = $$"""
        faas.pool { running = 24, sandboxes = 24, queue = 1000, queue-timeout = 5m, spares { node = 1, python = 1, max = 0 } }
        faas.sandbox { timeout = 2m, start-timeout = 1m }
        faas.scripts.snapshot-every = {{SnapshotEvery}}
        """;

    [Fact]
    public async Task After_many_calls_of_every_kind_nothing_has_grown()
    {
        output.WriteLine($"FAAS_FAULT_SEED={FaultRun.Seed}");
        var calls = FaultRun.Calls(600);
        using var memory = new ManagedMemory();
        await using var redis = await RedisServer.StartAsync();
        await using var server = await FaasServer.StartAsync(
            $"{s_settings}\nfaas.pool.idle-ttl = {(calls < 5000 ? 2 : 30)}s", null, [.. redis.Environment, .. memory.Environment]);
        var mix = new MixedCalls();
        await MixedCalls.PrepareAsync(server);
        var load = new Load(server, mix);

        await load.CallAsync(calls / 5, () => Task.CompletedTask);
        var before = await Holdings.OfAsync(server, Spares);
        var keysBefore = await redis.CountKeysAsync("*");
        var (pathsBefore, textsBefore) = (VersionsOf(mix), TextsOf(mix));
        var (managed, resident) = (new Trend("managed"), new Trend("resident"));
        async Task SampleAsync()
        {
            managed.Add(load.Done, await memory.AskAsync());
            resident.Add(load.Done, server.ResidentBytes());
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await load.CallAsync(calls / 2, SampleAsync);
        var between = await Holdings.OfAsync(server, Spares);
        await load.CallAsync(calls - (calls / 2), SampleAsync);
        output.WriteLine($"{calls} calls, {calls / watch.Elapsed.TotalSeconds:0} a second: {string.Join(", ", load.Kinds.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Value} {kind.Key}"))}");
        output.WriteLine($"{managed}\n{resident}");
        var after = await Holdings.OfAsync(server, Spares);

        output.WriteLine($"{before}\n{between}\n{after}");
        Assert.Equal(before.Exact, after.Exact);
        Assert.InRange(InEachHalf(before, between, after, holdings => holdings.Descriptors.Count), int.MinValue, 1);
        Assert.InRange(InEachHalf(before, between, after, holdings => holdings.Threads), int.MinValue, 5);
        Assert.InRange(managed.Growth, double.MinValue, MostManaged);
        Assert.InRange(resident.Growth, double.MinValue, MostResident);
        var texts = 2 * (TextsOf(mix) - textsBefore);
        Assert.Equal(keysBefore + Explained(pathsBefore, VersionsOf(mix)) + texts, await redis.CountKeysAsync("*"));
        await server.EndAsync();
    }

    private static Dictionary<string, int> VersionsOf(MixedCalls mix) =>
        mix.Kept.Keys.GroupBy(kept => kept.Path).ToDictionary(path => path.Key, path => path.Count());

    // What calls leave behind grows in both halves. What the server makes once, whenever it first needs it, such as a connection
    // to Redis or a thread of the pool, grows in one.
    private static int InEachHalf(Holdings before, Holdings between, Holdings after, Func<Holdings, int> count) =>
        Math.Min(count(between) - count(before), count(after) - count(between));

    // Each text is stored once, whatever has it, and with it who refers to it.
    private static int TextsOf(MixedCalls mix) => mix.Kept.Values.Distinct().Count();

    // A path that was there adds one key more in its life: that of its first snapshot. A new one has two of its journal.
    private static int Explained(Dictionary<string, int> before, Dictionary<string, int> after) => after.Sum(path =>
        (before.ContainsKey(path.Key) ? 0 : 2) + (before.GetValueOrDefault(path.Key) < SnapshotEvery
            && path.Value >= SnapshotEvery ? 1 : 0));

    /// <summary>Several clients that call as fast as they are answered.</summary>
    private sealed class Load(FaasServer server, MixedCalls mix)
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _kinds = [];
        private readonly SemaphoreSlim _looking = new(1);
        private volatile bool _isWrong;
        private int _taken;
        private int _done;
        private int _rounds;

        public int Done => Volatile.Read(ref _done);

        public IReadOnlyDictionary<string, int> Kinds => _kinds;

        /// <summary>Makes so many calls, and looks now and then.</summary>
        public async Task CallAsync(int calls, Func<Task> look)
        {
            var (first, round, sample) = (_taken, _rounds++, Math.Max(1, calls / Samples));
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            {
                var draw = new Random(FaultRun.Seed + caller + (Callers * round));
                while (!_isWrong && Interlocked.Increment(ref _taken) is var number && number <= first + calls)
                {
                    var answer = await mix.CallAsync(server, draw, $"call-{round}-{number}");
                    _isWrong |= answer.Reason != "ok";
                    if (answer.Reason != "ok")
                    {
                        Assert.Fail($"{answer}\n{server.Log}"); // the log has a line for each call
                    }

                    _kinds.AddOrUpdate(answer.Kind, 1, (_, count) => count + 1);
                    Interlocked.Increment(ref _done);
                    if ((number - first) % sample == 0)
                    {
                        await _looking.WaitAsync();
                        await look();
                        _looking.Release();
                    }
                }
            }));
            _taken = first + calls;
        }
    }
}
