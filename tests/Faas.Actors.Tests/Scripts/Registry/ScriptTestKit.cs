using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Serialization;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>A registry on a journal, a code store and a catalog of the test's choice, and the questions that tests ask it.</summary>
public abstract class ScriptTestKit(ActorSystemSetup setup) : TestKit(setup.And(s_serialization))
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly SerializationSetup s_serialization =
        SerializationSetup.Create(system => [SerializerDetails.Create("faas", new FaasSerializer(system), [.. FaasSerializer.Types])]);

    protected static ScriptOptions Options { get; } = new(100, TimeSpan.FromMinutes(2), 1 << 20, TimeSpan.FromSeconds(10), Isolation.Process);

    /// <summary>What calls read.</summary>
    protected LiveScripts Live { get; } = new();

    /// <summary>A journal in memory, its messages serialized as if they were stored.</summary>
    protected static ActorSystemSetup InMemory { get; } = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
        """
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.actor.serialize-messages = on
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

    protected static async Task<ScriptList> ListAsync(IActorRef registry) => await registry.Ask<ScriptList>(ListScripts.Instance, Patience);

    /// <summary>Asks until the list is as expected.</summary>
    protected async Task<ScriptList> ListsAsync(IActorRef registry, Predicate<ScriptList> expected)
    {
        var list = await ListAsync(registry);
        await AwaitConditionAsync(async () => expected(list = await ListAsync(registry)), Patience, TimeSpan.FromMilliseconds(20));
        return list;
    }

    protected IActorRef Registry(ICodeStore codes, IScriptCatalog catalog, IPersistenceIds ids, ScriptOptions? options = null) =>
        Sys.ActorOf(ScriptRegistry.Props(options ?? Options, codes, catalog, ids, Live));

    /// <summary>Stops a registry with all its scripts, as the end of a server does.</summary>
    protected async Task StopAsync(IActorRef registry)
    {
        await WatchAsync(registry);
        Sys.Stop(registry);
        await ExpectTerminatedAsync(registry, Patience);
    }
}
