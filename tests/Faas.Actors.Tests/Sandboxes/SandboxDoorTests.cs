using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

/// <summary>The way out of a sandbox, with a proxy that keeps what it is told.</summary>
public sealed class SandboxDoorTests : TestKit
{
    private static readonly RunSettings s_hosts = new() { Network = EgressRules.Parse(["api.example.com:443"]) };

    private readonly ScriptedLauncher _launcher = new();
    private readonly ScriptedProxy _proxy = new();
    private readonly TestProbe _pool;
    private readonly TestProbe _caller;

    public SandboxDoorTests()
        : base("akka { loglevel = WARNING, test.single-expect-default = 50s }")
    {
        _pool = CreateTestProbe();
        _caller = CreateTestProbe();
    }

    [Fact]
    public async Task The_proxy_listens_before_the_program_comes_and_admits_each_run_and_no_check()
    {
        var listens = new TaskCompletionSource<Socket>();
        var asked = new TaskCompletionSource<ushort>(TaskCreationOptions.RunContinuationsAsynchronously);
        var zygote = new ScriptedZygote
        {
            OnListen = port =>
            {
                asked.SetResult(port);
                return listens.Task;
            },
        };
        var sandbox = await StartedAsync(zygote);
        sandbox.Tell(LeaseOf("check", RunMode.Check));
        var program = zygote.ReceiveAsync();
        Assert.Equal(ProxyAddress.Port, await asked.Task);
        Assert.False(program.IsCompleted);

        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listens.SetResult(listener);

        var told = JsonDocument.Parse((await program).Payload).RootElement;
        var door = Assert.Single(_proxy.Doors);
        Assert.Same(listener, door.Listener);
        Assert.Equal("http://127.0.0.1:3128", told.GetProperty("proxy").GetString());
        Assert.Equal(
            ["HTTPS_PROXY", "HTTP_PROXY", "NODE_USE_ENV_PROXY", "NO_PROXY", "SSL_CERT_FILE", "http_proxy", "https_proxy", "no_proxy"],
            told.GetProperty("env").EnumerateObject().Select(variable => variable.Name));
        Assert.Equal(FrameType.Check, (await zygote.ReceiveAsync()).Type);
        await zygote.ResultAsync('N', "");
        await zygote.EndAsync();
        await EndedAsync("check");
        Assert.Empty(door.Grants);

        foreach (var (id, version) in ((string, long?)[])[("a", 1), ("b", null)])
        {
            sandbox.Tell(LeaseOf(id, version: version));
            Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
            await zygote.ResultAsync('V', "1");
            await zygote.EndAsync();
            await EndedAsync(id);
        }

        Assert.Equal(
            [(new EgressGrant("path", 1, "a", s_hosts.Network!), false), (new EgressGrant(null, null, "b", s_hosts.Network!), false)],
            door.Grants);
        Assert.Single(_proxy.Doors);
        Assert.False(door.Closed.IsCompleted);
        sandbox.Tell(CloseSandbox.Instance);
        await door.Closed.WaitAsync(TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task A_version_that_asks_for_no_host_has_no_door_and_no_proxy()
    {
        var zygote = new ScriptedZygote { OnListen = _ => throw new InvalidOperationException("nothing asks for a host") };
        var sandbox = await StartedAsync(zygote);
        sandbox.Tell(LeaseOf("a", settings: new RunSettings { Timeout = TimeSpan.FromMinutes(1) }));
        var program = JsonDocument.Parse((await zygote.ReceiveAsync()).Payload).RootElement;
        Assert.False(program.TryGetProperty("proxy", out _) || program.TryGetProperty("env", out _));
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
        Assert.Empty(_proxy.Doors);
    }

    [Fact]
    public async Task The_variables_of_a_version_win_over_those_of_the_proxy()
    {
        var zygote = new ScriptedZygote();
        var sandbox = await StartedAsync(zygote);
        var env = NamedTexts.Of([new("NO_PROXY", "own"), new("A", "1")]);
        sandbox.Tell(LeaseOf("a", settings: new RunSettings { Network = s_hosts.Network, Env = env }));
        var told = JsonDocument.Parse((await zygote.ReceiveAsync()).Payload).RootElement.GetProperty("env");
        Assert.Equal(
            ("own", "1", "127.0.0.1,localhost"),
            (told.GetProperty("NO_PROXY").GetString(), told.GetProperty("A").GetString(), told.GetProperty("no_proxy").GetString()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_sandbox_in_which_the_proxy_cannot_listen_runs_nothing_of_the_version_and_is_killed(int concurrency)
    {
        var zygote = new ScriptedZygote { OnListen = _ => Task.FromException<Socket>(new IOException("Operation not permitted")) };
        var sandbox = await StartedAsync(zygote);
        sandbox.Tell(LeaseOf("a", concurrency: concurrency));

        var outcome = await EndedAsync("a");

        Assert.Equal(Reason.Sandbox, outcome.Reason);
        Assert.Contains(
            "the proxy cannot listen in it, so its script would reach no host: Operation not permitted",
            outcome.Detail,
            StringComparison.Ordinal);
        Assert.True(zygote.Killed.IsCompleted);
        Assert.Empty(_proxy.Doors);
    }

    [Fact]
    public async Task Runs_that_share_a_process_at_the_same_time_are_admitted_together()
    {
        var zygote = new ScriptedZygote();
        var sandbox = await StartedAsync(zygote);
        sandbox.Tell(LeaseOf("a", version: 1, concurrency: 4));
        sandbox.Tell(LeaseOf("b", version: 1, concurrency: 4));
        foreach (var type in (FrameType[])[FrameType.Program, FrameType.Run, FrameType.Run])
        {
            Assert.Equal(type, (await zygote.ReceiveAsync()).Type);
        }

        var door = Assert.Single(_proxy.Doors);
        Assert.Equal([(new EgressGrant("path", 1, null, s_hosts.Network!), true)], door.Grants);
        Assert.Equal(1, door.Extensions); // by the second run
    }

    [Fact]
    public async Task The_sealed_secrets_of_runs_at_once_are_in_force_until_each_run_is_over()
    {
        var zygote = new ScriptedZygote();
        var sandbox = await StartedAsync(zygote);
        var settings = new RunSettings
        {
            Network = s_hosts.Network,
            Sealed = SealedSecrets.Of([new("KEY", EgressRules.Parse(["a.test"]))]),
        };
        foreach (var id in (string[])["a", "b"])
        {
            var secret = new SealedSecret("KEY", s_hosts.Network!, $"placeholder-{id}", "the value"u8.ToArray());
            var lease = LeaseOf(id, version: 1, concurrency: 4, settings: settings);
            sandbox.Tell(lease with { Run = lease.Run with { Secrets = new RunSecrets([], inEnv: false, [secret]) } });
        }

        foreach (var (type, text) in ((FrameType, string)[])
        [
            (FrameType.Program, ""),
            (FrameType.Secrets, """{"values":{"KEY":"placeholder-a"},"env":false}"""),
            (FrameType.Run, ""),
            (FrameType.Secrets, """{"values":{"KEY":"placeholder-b"},"env":false}"""),
            (FrameType.Run, ""),
        ])
        {
            var frame = await zygote.ReceiveAsync();
            Assert.Equal(type, frame.Type);
            Assert.EndsWith(text, frame.Payload, StringComparison.Ordinal);
        }

        var door = Assert.Single(_proxy.Doors);
        Assert.Equal(["a.test"], door.Bindings); // of the version
        Assert.Equal(["+placeholder-a", "+placeholder-b"], door.Secrets);
        await zygote.SendAsync(FrameType.Result, "\u0001\0\0\0V\u0001\0\0\01"); // the first run returns 1
        await zygote.SendAsync(FrameType.Done, "\u0001\0\0\0");
        await EndedAsync("a");
        Assert.Equal(["+placeholder-a", "+placeholder-b", "-placeholder-a"], door.Secrets);
    }

    [Fact]
    public async Task The_sealed_secrets_of_a_run_that_is_alone_are_worth_nothing_after_its_end()
    {
        var zygote = new ScriptedZygote();
        var sandbox = await StartedAsync(zygote);
        var secret = new SealedSecret("KEY", s_hosts.Network!, "placeholder-a", "the value"u8.ToArray());
        var lease = LeaseOf("a", version: 1);
        sandbox.Tell(lease with { Run = lease.Run with { Secrets = new RunSecrets([], inEnv: false, [secret]) } });
        foreach (var type in (FrameType[])[FrameType.Program, FrameType.Secrets, FrameType.Run])
        {
            Assert.Equal(type, (await zygote.ReceiveAsync()).Type);
        }

        var door = Assert.Single(_proxy.Doors);
        Assert.Equal(["+placeholder-a"], door.Secrets);
        await zygote.ResultAsync('V', "1");
        await zygote.EndAsync();
        await EndedAsync("a");
        await Eventually.HoldsAsync(
            () => door.Secrets.SequenceEqual(["+placeholder-a", "-placeholder-a"]), TimeSpan.FromSeconds(20), () => "not forgotten");
    }

    [Fact]
    public async Task A_sandbox_that_is_bound_ahead_and_in_which_the_proxy_cannot_listen_leaves_a_warning()
    {
        var zygote = new ScriptedZygote { OnListen = _ => Task.FromException<Socket>(new IOException("Operation not permitted")) };
        var sandbox = await StartedAsync(zygote);
        await EventFilter.Warning(contains: "Operation not permitted").ExpectOneAsync(
            TimeSpan.FromSeconds(50),
            () =>
            {
                sandbox.Tell(new BindSandbox(LeaseOf("a").Run));
                return Task.CompletedTask;
            });
    }

    private Lease LeaseOf(
        string runId, RunMode mode = RunMode.Execute, long? version = null, int concurrency = 1, RunSettings? settings = null) => new(
        new Run(
            runId,
            "path",
            ScriptCode.Of(Language.JavaScript, "1"),
            mode,
            concurrency > 1 ? Isolation.Shared : Isolation.Process,
            "{}"u8.ToArray(),
            Stream: false,
            version,
            Concurrency: concurrency,
            Settings: settings ?? s_hosts),
        _caller,
        Warmth.Warm);

    private async Task<IActorRef> StartedAsync(ScriptedZygote zygote)
    {
        var sandbox = _pool.ChildActorOf(
            SandboxActor.Props(new ImageKey(Runtime.Node), _launcher, SandboxTestOptions.Default, proxy: _proxy));
        _launcher.Start.SetResult(zygote);
        await zygote.ReadyAsync();
        await _pool.ExpectMsgAsync<SandboxReady>();
        return sandbox;
    }

    private async Task<Outcome> EndedAsync(string runId)
    {
        var ended = await _caller.ExpectMsgAsync<RunEnded>();
        Assert.Equal(runId, ended.RunId);
        return ended.Outcome;
    }

    private sealed class ScriptedProxy : IEgressProxy
    {
        public ConcurrentQueue<ScriptedDoor> Doors { get; } = new();

        public IEgressDoor Open(Socket listener)
        {
            var door = new ScriptedDoor(listener);
            Doors.Enqueue(door);
            return door;
        }
    }

    private sealed class ScriptedDoor(Socket listener) : IEgressDoor
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _extensions;

        public Socket Listener => listener;

        public ConcurrentQueue<(EgressGrant Grant, bool KeepsConnections)> Grants { get; } = new();

        public ConcurrentQueue<string> Secrets { get; } = new();

        public ConcurrentQueue<string> Bindings { get; } = new();

        public int Extensions => Volatile.Read(ref _extensions);

        public Task Closed => _closed.Task;

        public EgressUse Use => default;

        public void Admit(EgressGrant grant, bool keepsConnections)
        {
            Note("+", grant.Sealed);
            foreach (var hosts in grant.Bindings)
            {
                Bindings.Enqueue($"{hosts}");
            }

            Grants.Enqueue((grant with { Sealed = [], Bindings = [] }, keepsConnections));
        }

        public void Extend(IReadOnlyList<SealedSecret> more)
        {
            Note("+", more);
            Interlocked.Increment(ref _extensions);
        }

        public void Forget(IReadOnlyList<SealedSecret> ended) => Note("-", ended);

        private void Note(string sign, IReadOnlyList<SealedSecret> secrets)
        {
            foreach (var secret in secrets)
            {
                Secrets.Enqueue($"{sign}{secret.Placeholder}");
            }
        }

        public ValueTask DisposeAsync()
        {
            listener.Dispose();
            _closed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
