using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Xunit.Abstractions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>Mixed calls go on while one fault after another happens, each drawn at random.</summary>
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Callers = 6;
    private const int Spares = 2;
    private const int Timeout = 15;

    private const string Settings = """
        faas.pool { size = 16, idle-ttl = 2s, queue = 1000, queue-timeout = 2m, spares { node = 1, python = 1, max = 0 } }
        faas.sandbox { timeout = 15, start-timeout = 1m }
        faas.store.redis.timeout = 3
        """;

    [Fact]
    public async Task Whatever_breaks_no_acknowledged_version_is_lost_each_call_ends_once_as_itself_and_all_comes_back()
    {
        output.WriteLine($"FAAS_FAULT_SEED={FaultRun.Seed}");
        var draw = new Random(FaultRun.Seed);
        await using var redis = await RedisServer.StartAsync();
        await using var proxy = new TcpProxy(redis.Port);
        await using var place = new Place(redis, proxy);
        await place.StartAsync();
        await MixedCalls.PrepareAsync(place.Server);
        var load = new Load(place);

        var rounds = FaultRun.Rounds(6);
        for (var round = 1; round <= rounds; round++)
        {
            var fault = s_faults[draw.Next(s_faults.Length)];
            var (before, during) = (draw.Next(100, 800), draw.Next(50, 5000)); // the moments are what is random
            await Task.Delay(before);
            var answers = load.Answers;
            load.Begin(fault.Reasons);
            output.WriteLine($"round {round}: {fault.Name}, for {during} ms, after {answers} answers");
            await fault.Act(place, draw, TimeSpan.FromMilliseconds(during));
            load.End(fault.Reasons);
            await Wire.EventuallyAsync(() => load.Answers > answers || load.Failed, TimeSpan.FromMinutes(1), () => $"no call is answered after {fault.Name}\n{place.Server.Log}");
            if (load.Failed)
            {
                break;
            }
        }

        await load.StopAsync();
        output.WriteLine($"{load.Answers} answers, {load.Broken} broken off: {string.Join(", ", load.Outcomes.OrderByDescending(outcome => outcome.Value).Select(outcome => $"{outcome.Value} {outcome.Key}"))}");
        Assert.True(load.Wrong.IsEmpty, $"{string.Join('\n', load.Wrong)}\n{place.Server.Log}");
        await IsWholeAsync(place, load.Mix);
    }

    private static readonly Fault[] s_faults =
    [
        new("a zygote is killed", ["sandbox"], Do((place, draw) => Strike(place, draw, Signals.Kill, process => process.Pid))),
        new("a bubblewrap is killed", ["sandbox"], Do((place, draw) => Strike(place, draw, Signals.Kill, process => ParentOf(process.Pid)))),
        new("a process of a call is killed", ["sandbox", "signal"], Do((place, draw) => Strike(place, draw, Signals.Kill, process => process.Pid, isZygote: false))),
        new("a zygote stands still", ["timeout", "sandbox"], async (place, draw, time) =>
        {
            var stopped = Strike(place, draw, Signals.Stop, process => process.Pid);
            await Task.Delay(time);
            Signals.Send(stopped, Signals.Continue);
        }),
        new("redis is paused", ["store"], During((place, _) => Done(place.Redis.Pause), place => Done(place.Redis.Resume))),
        new("redis is killed", ["store"], During((place, _) => place.Redis.KillAsync(), place => place.Redis.RestartAsync())),
        new("redis is out of memory", ["store"], During((place, _) => place.Redis.CommandAsync("CONFIG", "SET", "maxmemory", "1"), place => place.Redis.CommandAsync("CONFIG", "SET", "maxmemory", "0"))),
        new("redis is a read-only replica", ["store"], During((place, _) => place.Redis.CommandAsync("REPLICAOF", "127.0.0.1", "1"), place => place.Redis.CommandAsync("REPLICAOF", "NO", "ONE"))),
        new("redis is far away", ["store"], During((place, _) => Done(() => place.Proxy.Delay = TimeSpan.FromSeconds(5)), place => Done(() => place.Proxy.Delay = TimeSpan.Zero))),
        new("nothing arrives at redis", ["store"], During((place, _) => Done(() => place.Proxy.IsHole = true), place => Done(() => place.Proxy.IsHole = false))),
        new("the connections to redis are cut", ["store"], Do((place, _) => place.Proxy.Drop())),
        new("the connections to redis are half closed", ["store"], Do((place, _) => place.Proxy.HalfClose())),
        new("the server is killed", ["store"], (place, _, _) => place.KillAndStartAsync()),
    ];

    private static async Task IsWholeAsync(Place place, MixedCalls mix)
    {
        await Wire.EventuallyAsync(
            async () => (await place.Server.ReplyAsync("/upload", new { path = "probe", language = "python", code = "return 'probe'" })).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(10),
            () => $"uploads still fail\n{place.Server.Log}");
        await Wire.EventuallyAsync(async () => (await place.Server.LookAsync()).IsReady, TimeSpan.FromSeconds(10), () => "it is not ready");
        foreach (var ((path, version), value) in mix.Kept)
        {
            Assert.Equal($"{value}", (await place.Server.RunAsync($"{path}?version={version}")).Data);
        }

        await Holdings.OfAsync(place.Server, Spares);
        foreach (var dead in place.Dead)
        {
            Assert.Empty(dead.Processes());
            Assert.Empty(SandboxTraces.All($"{dead.Pid}-"));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"faas-*-{dead.Pid}-*"));
        }

        await place.Server.EndAsync();
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static Func<Place, Random, TimeSpan, Task> Do(Action<Place, Random> act) => (place, draw, _) => Done(() => act(place, draw));

    private static Func<Place, Random, TimeSpan, Task> During(Func<Place, Random, Task> begin, Func<Place, Task> end) => async (place, draw, time) =>
    {
        await begin(place, draw);
        await Task.Delay(time);
        await end(place);
    };

    // Nobody, where there is none of that kind just now.
    private static int Strike(Place place, Random draw, int signal, Func<SandboxedProcess, int> whom, bool isZygote = true)
    {
        var some = place.Server.Processes().Where(process => process.IsZygote == isZygote).ToList();
        if (some.Count == 0)
        {
            return 0;
        }

        var pid = whom(some[draw.Next(some.Count)]);
        if (pid > 1)
        {
            Signals.Send(pid, signal);
        }

        return pid;
    }

    private static int ParentOf(int pid)
    {
        try
        {
            return int.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }

    /// <summary>Something that happens.</summary>
    /// <param name="Name">What.</param>
    /// <param name="Reasons">How calls may end for it.</param>
    /// <param name="Act">Brings it about, and to its end.</param>
    private sealed record Fault(string Name, string[] Reasons, Func<Place, Random, TimeSpan, Task> Act);

    /// <summary>The server that there is now, and its Redis behind a bad line.</summary>
    private sealed class Place(RedisServer redis, TcpProxy proxy) : IAsyncDisposable
    {
        private volatile FaasServer? _server;

        public RedisServer Redis { get; } = redis;

        public TcpProxy Proxy { get; } = proxy;

        public FaasServer Server => _server!;

        public List<FaasServer> Dead { get; } = [];

        public async Task StartAsync() => _server = await FaasServer.StartAsync(
            Settings,
            _server?.Folder,
            [.. Redis.Environment.Where(variable => variable.Name != "REDIS_PORT"), ("REDIS_PORT", Proxy.Port.ToString(CultureInfo.InvariantCulture))]);

        public async Task KillAndStartAsync()
        {
            var server = Server;
            Dead.Add(server);
            await server.KillAsync();
            await StartAsync();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in Dead.Append(_server).OfType<FaasServer>())
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Clients that call as fast as they are answered, whatever happens, and hold each answer against the faults there were.</summary>
    private sealed class Load
    {
        // A sandbox that was hit while it was idle is found by the next call for it; a stopped one by that call's timeout.
        private static readonly TimeSpan s_after = TimeSpan.FromSeconds(2 * Timeout);
        private static readonly TimeSpan s_ever = TimeSpan.FromMinutes(3);
        private readonly Place _place;
        private readonly ConcurrentDictionary<string, DateTime> _allowedUntil = [];
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _all;
        private int _answers;
        private int _broken;

        public Load(Place place)
        {
            _place = place;
            _all = Task.WhenAll(Enumerable.Range(0, Callers).Select(CallAsync));
        }

        public MixedCalls Mix { get; } = new();

        public int Answers => Volatile.Read(ref _answers);

        public int Broken => Volatile.Read(ref _broken);

        public bool Failed => !Wrong.IsEmpty || _all.IsFaulted;

        public ConcurrentDictionary<string, int> Outcomes { get; } = [];

        public ConcurrentQueue<string> Wrong { get; } = [];

        /// <summary>From now on calls may end so.</summary>
        public void Begin(string[] reasons) => Allow(reasons, DateTime.MaxValue);

        /// <summary>Soon they may not any more.</summary>
        public void End(string[] reasons) => Allow(reasons, DateTime.UtcNow + Patience.Of(s_after));

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _all;
        }

        private void Allow(string[] reasons, DateTime until)
        {
            foreach (var reason in reasons)
            {
                _allowedUntil[reason] = until;
            }
        }

        private async Task CallAsync(int caller)
        {
            var draw = new Random(FaultRun.Seed + 1 + caller);
            for (var number = 0; !_stop.IsCancellationRequested && Wrong.IsEmpty; number++)
            {
                var server = _place.Server;
                try
                {
                    var begun = DateTime.UtcNow;
                    var answer = await Mix.CallAsync(server, draw, $"{caller}-{number}").WaitAsync(Patience.Of(s_ever));
                    Interlocked.Increment(ref _answers);
                    Outcomes.AddOrUpdate(answer.Reason, 1, (_, count) => count + 1);
                    if (answer.Reason != "ok" && !(_allowedUntil.TryGetValue(answer.Reason, out var until) && begun <= until))
                    {
                        Wrong.Enqueue($"{answer.Kind} ended as {answer.Reason}: {answer.Text}");
                    }
                }
                catch (TimeoutException)
                {
                    Wrong.Enqueue($"call {caller}-{number} was never answered");
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException or ObjectDisposedException)
                {
                    Interlocked.Increment(ref _broken);
                    await UntilAnotherAsync(server);
                }
            }
        }

        // A connection breaks off only with its server: until the next one is there, there is nobody to call.
        private async Task UntilAnotherAsync(FaasServer gone) => await Wire.EventuallyAsync(
            () => _place.Server != gone || _stop.IsCancellationRequested,
            TimeSpan.FromMinutes(1),
            () => $"a connection broke off, and the server was not killed\n{gone.Log}");
    }
}
