using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Pattern;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Faas.Actors.Lending;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>
/// The scripts and their list as they are wired in production, on a journal and stores of the test's choice, and the questions that tests
/// ask them.
/// </summary>
public abstract class ScriptTestKit(ActorSystemSetup setup) : TestKit(setup.And(s_serialization))
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly SerializationSetup s_serialization =
        SerializationSetup.Create(system => [SerializerDetails.Create("faas", new FaasSerializer(system), [.. FaasSerializer.Types])]);

    protected static ScriptOptions Options { get; } = new(
        100, TimeSpan.FromMinutes(2), 1 << 20, TimeSpan.FromSeconds(10), Isolation.Process);

    private ICodeStore? _codes;

    /// <summary>What calls read.</summary>
    protected LiveScripts Live => field ??= new LiveScripts(Authority);

    /// <summary>For how long this node may speak for a script.</summary>
    protected virtual IAuthority Authority => SoleAuthority.Instance;

    /// <summary>Which nodes have borrowed scripts.</summary>
    protected LoanBook Loans => field ??= new LoanBook(Authority, LoanTime);

    /// <summary>The clock of loans.</summary>
    protected virtual TimeProvider LoanTime => TimeProvider.System;

    /// <summary>The actor that gives the list of scripts; of the registry that was started last.</summary>
    protected IActorRef Keeper { get; private set; } = ActorRefs.Nobody;

    /// <summary>A journal in memory, its messages serialized as if they were stored.</summary>
    protected static ActorSystemSetup InMemory { get; } = InMemoryWith("on");

    /// <summary>
    /// The same with messages as they are. What the journal in memory sends itself is serialized by Akka's own serializer otherwise, which
    /// cannot do that with <see cref="ScriptTraits"/>.
    /// </summary>
    protected static ActorSystemSetup InMemoryAsTheyAre { get; } = InMemoryWith("off");

    private static ActorSystemSetup InMemoryWith(string serializeMessages) => ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(
        ConfigurationFactory.ParseString(
        $"""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.actor.serialize-messages = {serializeMessages}
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """)));

    protected async Task<VersionPublished> PublishAsync(
        IActorRef registry, string path, string source, Language language = Language.JavaScript, Isolation? isolation = null)
    {
        var code = ScriptCode.Of(language, source);
        await _codes!.PutAsync(code, path, CancellationToken.None);
        var command = PublishVersion.Of(path, code, DateTimeOffset.UtcNow, new ScriptSettings(isolation));
        var reply = await registry.Ask<IWithScriptPath>(command, Patience);
        return reply as VersionPublished ?? throw new InvalidOperationException(reply.ToString());
    }

    protected static Task<IWithScriptPath> GetAsync(IActorRef registry, string path, long? version = null) =>
        registry.Ask<IWithScriptPath>(new GetVersion(path, version), Patience);

    protected async Task<ScriptList> ListAsync() => await Keeper.Ask<ScriptList>(ListScripts.Instance, Patience);

    /// <summary>Asks until the list is as expected.</summary>
    protected async Task<ScriptList> ListsAsync(Predicate<ScriptList> expected)
    {
        var list = await ListAsync();
        await AwaitConditionAsync(async () => expected(list = await ListAsync()), Patience, TimeSpan.FromMilliseconds(20));
        return list;
    }

    protected IActorRef Registry(ICodeStore codes, IScriptCatalog catalog, IPersistenceIds ids, ScriptOptions? options = null) =>
        Registry(codes, catalog, ids, options, resolver => ScriptParent.Start(Sys, resolver));

    /// <summary>One script's actor, started again when it has ended, without the parent that a server of one node has.</summary>
    protected IActorRef Script(string path, ICodeStore codes, IScriptCatalog catalog, IPersistenceIds ids) =>
        Registry(codes, catalog, ids, options: null, resolver => Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(
            resolver.Props<ScriptActor>(path), "script", TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50), 0.2, -1))));

    private IActorRef Registry(
        ICodeStore codes,
        IScriptCatalog catalog,
        IPersistenceIds ids,
        ScriptOptions? options,
        Func<IDependencyResolver, IActorRef> start)
    {
        _codes = codes;
        var resolver = new ServiceProviderDependencyResolver(new ServiceCollection()
            .AddSingleton(options ?? Options)
            .AddSingleton(codes)
            .AddSingleton(catalog)
            .AddSingleton(ids)
            .AddSingleton(Live)
            .AddSingleton(Loans)
            .AddSingleton(EntityParent.OfOneNode)
            .BuildServiceProvider());
        var registry = start(resolver);
        Keeper = Sys.ActorOf(resolver.Props<CatalogKeeper>(registry));
        return registry;
    }

    /// <summary>Stops a registry with all its scripts, as the end of a server does.</summary>
    protected async Task StopAsync(IActorRef registry)
    {
        foreach (var actor in new[] { Keeper, registry })
        {
            await WatchAsync(actor);
            Sys.Stop(actor);
            await ExpectTerminatedAsync(actor, Patience);
        }
    }
}
