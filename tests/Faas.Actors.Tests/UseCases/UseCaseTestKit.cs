using Akka.Actor;
using Akka.Streams;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Reply;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Secrets;
using Faas.Actors.UseCases;
using Microsoft.Extensions.Logging.Abstractions;

namespace Faas.Actors.Tests.UseCases;

/// <summary>The use cases as they are wired in production, with probes for the pool and the registry; no web server anywhere.</summary>
public abstract class UseCaseTestKit : TestKit
{
    protected static readonly TimeSpan Never = TimeSpan.FromSeconds(20);
    protected static readonly RunArguments Arguments = new("call-1", """{"a":1}"""u8.ToArray());
    protected static readonly Outcome FortyTwo = new(Reason.Ok)
    {
        Data = new ResultData(
        "42"u8.ToArray(), DataType.Number),
        Warmth = Warmth.Warm,
        Usage = new Usage(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(1), 1 << 20),
    };

    protected UseCaseTestKit(bool keysApart = false)
    {
        (Pool, Registry) = (CreateTestProbe("pool"), CreateTestProbe("registry"));
        Pool.IgnoreMessages(message => message is KeepWarm); // follows each upload; PublishScriptTests look at it
        var options = new UseCaseOptions(Isolation.Process, RunPatience: Never, StorePatience: TimeSpan.FromSeconds(1), keysApart)
        {
            Images = new LibraryImages(
                [new LibraryImage("data", Runtime.Python, [], [], 0), new LibraryImage("web", Runtime.Node, [], [], 0)]),
        };
        var registry = new RequiredActorUnderTest<ScriptRegistry>(Registry);
        var pump = new OutputPump(Sys.Materializer(), NullLogger<OutputPump>.Instance);
        var pool = new RequiredActorUnderTest<SandboxPool>(Pool);
        var runner = Runner = new Runner(pool, pump, options, NullLogger<Runner>.Instance, others: Others);
        Options = options;
        var scripts = Scripts = new ScriptLookup(registry, Live, Codes, options);
        RunScript = new RunScript(scripts, runner, options, new SecretSupply(Secrets, Keys));
        RunCode = new RunCode(Compiler, runner, options, new RecentLocks(TimeProvider.System), new SecretSupply(Secrets, Keys));
        PublishScript = new PublishScript(Compiler, new CheckedCodes(), runner, registry, scripts, Codes, options, TimeProvider.System);
    }

    protected TestProbe Pool { get; }

    protected TestProbe Registry { get; }

    protected LiveScripts Live { get; } = new();

    protected LiveSecrets Secrets { get; } = new();

    protected SecretKeyFile Keys { get; } = new(Path.Combine(Path.GetTempPath(), $"faas-{Guid.NewGuid():N}.key"));

    protected CodeInMemory Codes { get; } = new();

    protected CompilerOnPaper Compiler { get; } = new();

    protected OtherNodesOnPaper Others { get; } = new();

    protected UseCaseOptions Options { get; }

    protected Runner Runner { get; }

    protected ScriptLookup Scripts { get; }

    protected RunScript RunScript { get; }

    protected RunCode RunCode { get; }

    protected PublishScript PublishScript { get; }

    /// <summary>A version of <c>math/add</c> that the store has and whose actor is in memory.</summary>
    protected ScriptVersion Uploaded(
        long number = 1, Isolation? isolation = null, string source = "return 42", string? handler = null, TimeSpan? timeout = null,
        int? minWarm = null, string? image = null)
    {
        var code = ScriptCode.Of(Language.Python, source);
        Codes.Add(code);
        var version = new ScriptVersion(
            number,
            code.Language,
            code.Hash,
            source.Length,
            DateTimeOffset.UnixEpoch,
            new ScriptSettings(isolation, handler) { Timeout = timeout, MinWarm = minWarm, Image = image });
        Live.Show(ScriptState.Empty("math/add").Apply(new VersionUploaded("math/add", version)));
        return version;
    }

    /// <summary>The registry answers uploads, which ask for the latest version first, that there is none.</summary>
    protected void NothingIsUploaded()
    {
        Registry.SetAutoPilot(new DelegateAutoPilot((asker, message) =>
        {
            if (message is GetVersion { Version: null } query)
            {
                asker.Tell(new VersionNotFound(query.Path, null));
            }

            return AutoPilot.KeepRunning;
        }));
        Registry.IgnoreMessages(message => message is GetVersion);
    }

    /// <summary>The run that the pool has been given.</summary>
    protected async Task<Run> SubmittedAsync() => (await Pool.ExpectMsgAsync<SubmitRun>(Never)).Run;

    /// <summary>The pool replies to the run that it was given last.</summary>
    protected void Reply(object reply) => Pool.Reply(reply);

    /// <summary>The pool has the run stream what the test prints.</summary>
    protected LiveOutput Stream(Run run, Action? onLeft = null)
    {
        var output = new LiveOutput();
        Reply(new RunStreaming(run.RunId, Warmth.Spare, output.Source(onLeft ?? (() => { }))));
        return output;
    }

    /// <summary>The other nodes of a cluster, which take no run unless a test says so.</summary>
    protected sealed class OtherNodesOnPaper : IOtherNodes
    {
        public List<StoredRun> Asked { get; } = [];

        public Func<StoredRun, Run, ForwardedReply?> Reply { get; set; } = (_, _) => null;

        public Task<ForwardedReply?> TryRunAsync(StoredRun stored, Run run, CancellationToken cancellation)
        {
            Asked.Add(stored);
            return Task.FromResult(Reply(stored, run));
        }

        public List<(Run Run, StoredRun? Stored)> Shared { get; } = [];

        public Func<Run, Run> Part { get; set; } = run => run;

        public List<string> LetGone { get; } = [];

        public Run Share(Run run, StoredRun? stored)
        {
            Shared.Add((run, stored));
            return Part(run);
        }

        public void LetGo(string path) => LetGone.Add(path);

        public bool Cancel(string runId) => false;
    }
}
