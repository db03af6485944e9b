using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Registry;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>The parent of the scripts' actors, with actors that do as a test tells them.</summary>
public sealed class ScriptParentTests() : TestKit(ConfigurationFactory.ParseString("akka.loglevel = OFF\nakka.stdout-loglevel = OFF"))
{
    private const string Lost = "The script could not be read from, or written to, the store.";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_request_finds_the_actor_of_its_path_and_the_reply_its_asker()
    {
        var parent = Parent();

        Assert.Equal(new VersionNotFound("a/b", 1), await AskAsync(parent, new GetVersion("a/b", 1)));
        Assert.Equal(new VersionNotFound("ü %2F", 2), await AskAsync(parent, new GetVersion("ü %2F", 2)));
    }

    [Fact]
    public void Only_a_request_is_routed_and_by_its_path()
    {
        var extractor = new ScriptMessageExtractor();
        var request = new RefreshCatalog("a/b");

        Assert.Equal("a/b", extractor.EntityId(request));
        Assert.Same(request, extractor.EntityMessage(request));
        Assert.Null(extractor.EntityId(new VersionNotFound("a/b", null)));
        Assert.Null(extractor.EntityId(ListScripts.Instance));
    }

    [Fact]
    public async Task A_message_for_no_script_is_unhandled()
    {
        var parent = Parent();
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.UnhandledMessage));

        parent.Tell(ListScripts.Instance);

        Assert.Same(ListScripts.Instance, (await ExpectMsgAsync<Akka.Event.UnhandledMessage>(s_patience)).Message);
    }

    [Fact]
    public async Task What_comes_while_an_actor_leaves_waits_for_the_next_one_in_its_order()
    {
        var gate = new TaskCompletionSource();
        var parent = Parent(_ => new ScriptOnPaper { LeaveAfter = gate.Task });
        parent.Tell(new GetVersion("p", ScriptOnPaper.AskToLeave), TestActor);
        await ExpectMsgAsync(new VersionNotFound("p", ScriptOnPaper.AskToLeave), s_patience);
        for (var i = 0; i < 100; i++)
        {
            parent.Tell(new GetVersion("p", i), TestActor);
        }

        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(50));
        gate.SetResult();

        for (var i = 0; i < 100; i++)
        {
            await ExpectMsgAsync(new VersionNotFound("p", i), s_patience);
        }
    }

    [Fact]
    public async Task Of_those_who_wait_only_so_many_may_and_the_others_are_told()
    {
        var gate = new TaskCompletionSource();
        var parent = Parent(_ => new ScriptOnPaper { LeaveAfter = gate.Task }, mostWaiting: 3);
        foreach (var path in new[] { "p", "q" })
        {
            parent.Tell(new GetVersion(path, ScriptOnPaper.AskToLeave), TestActor);
            await ExpectMsgAsync(new VersionNotFound(path, ScriptOnPaper.AskToLeave), s_patience);
            parent.Tell(new GetVersion(path, 1), TestActor);
            parent.Tell(new GetVersion(path, 2), TestActor);
        }

        var refused = await ExpectMsgAsync<StoreUnavailable>(s_patience);
        Assert.Equal(new StoreUnavailable("q", "Too many requests wait for scripts that are leaving memory."), refused);
        gate.SetResult();
        var replies = new List<object>();
        for (var i = 0; i < 3; i++)
        {
            replies.Add(await ExpectMsgAsync<VersionNotFound>(s_patience));
        }

        Assert.Equal(
            [new VersionNotFound("p", 1), new VersionNotFound("p", 2), new VersionNotFound("q", 1)],
            replies.Cast<VersionNotFound>().OrderBy(reply => reply.Path).ThenBy(reply => reply.Version));
        Assert.Equal(new VersionNotFound("q", 4), await AskAsync(parent, new GetVersion("q", 4)));
    }

    [Fact]
    public async Task Whatever_an_actor_that_fails_leaves_unread_is_told_to_its_askers()
    {
        var gate = new TaskCompletionSource();
        var parent = Parent(path => new ScriptOnPaper { BlockUntil = path == "p" ? gate.Task : Task.CompletedTask });
        var asked = new[] { ScriptOnPaper.Fail, 1, 2, 3 }.Select(version => AskAsync(parent, new GetVersion("p", version))).ToArray();
        await AskAsync(parent, new GetVersion("q", 1)); // so the others are with the actor
        gate.SetResult();

        Assert.All(await Task.WhenAll(asked), reply => Assert.Equal(new StoreUnavailable("p", Lost), reply));
        Assert.Equal(new VersionNotFound("p", 5), await AskAsync(parent, new GetVersion("p", 5)));
    }

    [Fact]
    public async Task A_request_that_its_actor_has_read_and_not_replied_to_is_told_as_well()
    {
        var parent = Parent();
        var silent = AskAsync(parent, new GetVersion("p", ScriptOnPaper.BeSilent));

        await AskAsync(parent, new GetVersion("p", ScriptOnPaper.Fail));

        Assert.Equal(new StoreUnavailable("p", Lost), await silent);
    }

    [Fact]
    public async Task Those_who_wait_are_told_when_the_parent_ends()
    {
        var parent = Parent(_ => new ScriptOnPaper { LeaveAfter = new TaskCompletionSource().Task });
        await AskAsync(parent, new GetVersion("p", ScriptOnPaper.AskToLeave));
        var waiting = AskAsync(parent, new GetVersion("p", 1));
        var silent = AskAsync(parent, new GetVersion("q", ScriptOnPaper.BeSilent));
        await AskAsync(parent, new GetVersion("q", 1));

        Sys.Stop(parent);

        Assert.Equal(new StoreUnavailable("p", Lost), await waiting);
        Assert.Equal(new StoreUnavailable("q", Lost), await silent);
    }

    [Fact]
    public async Task Each_of_ten_thousand_requests_has_one_reply_while_actors_fail_and_leave_all_the_time()
    {
        const int Askers = 8, Each = 1250;
        var parent = Parent();
        var replies = new ConcurrentDictionary<(int Asker, long Version), int>();

        await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => Task.Run(async () =>
        {
            var open = new List<Task>();
            var inbox = new CountingAddress(reply => replies.AddOrUpdate((asker, VersionOf(reply)), 1, (_, count) => count + 1));
            for (var i = 0; i < Each; i++)
            {
                var version = (i % 97, i % 41) switch { (0, _) => ScriptOnPaper.Fail + i, (_, 0) => ScriptOnPaper.AskToLeave + i, _ => i };
                open.Add(inbox.NextAsync());
                parent.Tell(new GetVersion($"p{i % 3}", version), inbox);
                if (i % 50 == 49)
                {
                    await Task.WhenAll(open).WaitAsync(s_patience);
                    open.Clear();
                }
            }
        })));

        Assert.Equal(Askers * Each, replies.Values.Sum());
        Assert.All(replies.Where(reply => reply.Key.Version >= 0), reply => Assert.Equal(1, reply.Value));

        static long VersionOf(object reply) => reply is VersionNotFound { Version: { } version } ? version : -1;
    }

    private IActorRef Parent(Func<string, ScriptOnPaper>? script = null, int mostWaiting = 1000) => Sys.ActorOf(ScriptParent.Props(
        new ScriptMessageExtractor(), path =>
            Props.CreateBy(new Producer(() => script?.Invoke(path) ?? new ScriptOnPaper())), mostWaiting));

    private static Task<IWithScriptPath> AskAsync(IActorRef parent, IScriptRequest request) =>
        parent.Ask<IWithScriptPath>(request, s_patience);

    private sealed class Producer(Func<ScriptOnPaper> script) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ScriptOnPaper);

        public ActorBase Produce() => script();

        public void Release(ActorBase actor)
        {
        }
    }

    /// <summary>Replies to every question that there is no such version. The version's thousand millions say what else it does.</summary>
    private sealed class ScriptOnPaper : ReceiveActor
    {
        public const long Fail = 1_000_000_000, AskToLeave = 2 * Fail, BeSilent = 3 * Fail;

        public ScriptOnPaper()
        {
            Receive<GetVersion>(Find);
            ReceiveAsync<string>(async _ =>
            {
                await LeaveAfter;
                Context.Stop(Self);
            });
        }

        public Task LeaveAfter { get; init; } = Task.CompletedTask;

        public Task BlockUntil { get; init; } = Task.CompletedTask;

        private void Find(GetVersion query)
        {
            BlockUntil.Wait();
            switch (query.Version / Fail * Fail)
            {
                case Fail:
                    throw new InvalidOperationException("as it was told");
                case BeSilent:
                    return;
                case AskToLeave:
                    Context.Parent.Tell(new Passivate("leave"));
                    break;
            }

            Sender.Tell(new VersionNotFound(query.Path, query.Version));
        }
    }

    /// <summary>Counts replies, a second one to the same request too.</summary>
    private sealed class CountingAddress(Action<object> count)
        : Faas.Actors.Threads.LocalAddress(new RootActorPath(Address.AllSystems) / "asker")
    {
        private readonly ConcurrentQueue<TaskCompletionSource> _open = new();

        public Task NextAsync()
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _open.Enqueue(next);
            return next.Task;
        }

        public override void Tell(object message, IActorRef sender)
        {
            count(message);
            if (_open.TryDequeue(out var next))
            {
                next.SetResult();
            }
        }
    }
}
