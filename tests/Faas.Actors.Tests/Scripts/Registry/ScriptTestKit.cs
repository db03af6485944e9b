using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
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

    /// <summary>What calls read.</summary>
    protected LiveScripts Live { get; } = new();

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

    protected static async Task<VersionPublished> PublishAsync(
        IActorRef registry, string path, string source, Language language = Language.JavaScript, Isolation? isolation = null)
    {
        var command = new PublishVersion(path, ScriptCode.Of(language, source), DateTimeOffset.UtcNow, new ScriptSettings(isolation));
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

    protected IActorRef Registry(ICodeStore codes, IScriptCatalog catalog, IPersistenceIds ids, ScriptOptions? options = null)
    {
        var resolver = new ServiceProviderDependencyResolver(new ServiceCollection()
            .AddSingleton(options ?? Options)
            .AddSingleton(codes)
            .AddSingleton(catalog)
            .AddSingleton(ids)
            .AddSingleton(Live)
            .BuildServiceProvider());
        var registry = ScriptParent.Start(Sys, resolver);
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
