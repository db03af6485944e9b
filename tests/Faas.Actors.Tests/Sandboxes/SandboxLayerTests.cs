using System.Buffers;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Hosts;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Sandboxes;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes;

/// <summary>The libraries that a sandbox is shown when it is bound.</summary>
public sealed class SandboxLayerTests : TestKit
{
    private static readonly LayerMount s_layer = new("/layers/one", IsTrusted: true);

    private readonly ScriptedLauncher _launcher = new();
    private readonly TestProbe _pool;
    private readonly TestProbe _caller;

    public SandboxLayerTests()
        : base("akka { loglevel = WARNING, test.single-expect-default = 50s }")
    {
        _pool = CreateTestProbe();
        _caller = CreateTestProbe();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_layer_is_there_before_the_program_and_once_for_all_runs(int concurrency)
    {
        var shown = new TaskCompletionSource();
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var zygote = new ScriptedZygote
        {
            OnAttach = folder =>
            {
                asked.SetResult(folder); // throws when it is asked for again
                return shown.Task;
            },
        };
        var sandbox = await StartedAsync(zygote);
        sandbox.Tell(LeaseOf("a", concurrency: concurrency));
        var program = zygote.ReceiveAsync();
        Assert.Equal("/layers/one", await asked.Task);
        Assert.False(program.IsCompleted);
        shown.SetResult();

        Assert.Equal("""{"path":"/libraries","trusted":true,"ahead":true}""", Libraries((await program).Payload)!.Value.GetRawText());
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
        if (concurrency == 1)
        {
            await zygote.ResultAsync('V', "1");
            await zygote.EndAsync();
            await _caller.ExpectMsgAsync<RunEnded>();
            await _pool.ExpectMsgAsync<SandboxFree>();
        }

        sandbox.Tell(LeaseOf("b", concurrency: concurrency));
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
    }

    [Fact]
    public async Task A_version_without_libraries_is_shown_nothing()
    {
        var zygote = new ScriptedZygote { OnAttach = _ => throw new InvalidOperationException("nothing asks for a layer") };
        var sandbox = await StartedAsync(zygote);
        sandbox.Tell(new Lease(LeaseOf("a").Run with { Layer = null }, _caller, Warmth.Warm));
        Assert.Null(Libraries((await zygote.ReceiveAsync()).Payload));
        Assert.Equal(FrameType.Run, (await zygote.ReceiveAsync()).Type);
    }

    public static TheoryData<bool, bool, bool, bool> WhetherAhead => new()
    {
        { true, false, false, true },
        { false, false, false, true },
        { true, true, false, false }, // the environment of the import would lack the secrets
        { false, true, false, false },
        { true, false, true, true },
        { false, false, true, false }, // what it sends would be that of no run
    };

    [Theory]
    [MemberData(nameof(WhetherAhead))]
    public void Whether_it_may_be_imported_ahead_depends_on_secrets_and_hosts(bool isTrusted, bool hasSecrets, bool hasHosts, bool isAhead)
    {
        var hosts = hasHosts ? EgressRules.Parse(["api.example.com:443"]) : null;
        var settings = new RunSettings { SecretsInEnv = hasSecrets, Network = hosts };
        var run = LeaseOf("a").Run with { Settings = settings, Layer = s_layer with { IsTrusted = isTrusted } };
        var bytes = new ArrayBufferWriter<byte>();
        FrameWriter.WriteProgram(bytes, ProgramFrame.Of(run, SandboxTestOptions.Default));
        var libraries = Libraries(Encoding.UTF8.GetString(bytes.WrittenSpan[FrameReader.HeaderLength..]))!.Value;
        Assert.Equal(
            (isTrusted, isAhead), (libraries.GetProperty("trusted").GetBoolean(), libraries.GetProperty("ahead").GetBoolean()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_sandbox_that_cannot_be_shown_it_runs_nothing_of_the_version_and_is_killed(int concurrency)
    {
        var zygote = new ScriptedZygote { OnAttach = _ => Task.FromException(new IOException("No such file or directory")) };
        var sandbox = await StartedAsync(zygote);
        sandbox.Tell(LeaseOf("a", concurrency: concurrency));

        var outcome = (await _caller.ExpectMsgAsync<RunEnded>()).Outcome;

        Assert.Equal(Reason.Sandbox, outcome.Reason);
        Assert.Contains("its libraries cannot be mounted in it: No such file or directory", outcome.Detail, StringComparison.Ordinal);
        Assert.True(zygote.Killed.IsCompleted);
    }

    [Fact]
    public async Task A_sandbox_that_is_bound_ahead_and_cannot_be_shown_it_leaves_a_warning()
    {
        var zygote = new ScriptedZygote { OnAttach = _ => Task.FromException(new IOException("No such file or directory")) };
        var sandbox = await StartedAsync(zygote);
        await EventFilter.Warning(contains: "its libraries cannot be mounted in it").ExpectOneAsync(
            TimeSpan.FromSeconds(50),
            () =>
            {
                sandbox.Tell(new BindSandbox(LeaseOf("a").Run));
                return Task.CompletedTask;
            });
    }

    private static JsonElement? Libraries(string program) =>
        JsonDocument.Parse(program).RootElement.TryGetProperty("libraries", out var libraries) ? libraries : null;

    private Lease LeaseOf(string runId, int concurrency = 1) => new(
        new Run(
            runId,
            "path",
            ScriptCode.Of(Language.Python, "1"),
            RunMode.Execute,
            concurrency > 1 ? Isolation.Shared : Isolation.Process,
            "{}"u8.ToArray(),
            Stream: false,
            Version: 1,
            Concurrency: concurrency)
        {
            Layer = s_layer,
        },
        _caller,
        Warmth.Warm);

    private async Task<IActorRef> StartedAsync(ScriptedZygote zygote)
    {
        var sandbox = _pool.ChildActorOf(
            SandboxActor.Props(new ImageKey(Runtime.Python), _launcher, SandboxTestOptions.Default));
        _launcher.Start.SetResult(zygote);
        await zygote.ReadyAsync();
        await _pool.ExpectMsgAsync<SandboxReady>();
        return sandbox;
    }
}
