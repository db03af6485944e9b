using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Faas.Actors.Scripts.Catalog;
using Faas.Actors.Scripts.Code;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// The way to every script: routes each <see cref="IWithScriptPath"/> to the actor of its path, which it starts when there
/// is none, and answers <see cref="ListScripts"/> from the catalog.
///
/// Theory of operation: an idle script asks to leave; from then on its messages are held back here until it is gone,
/// and then go to its successor, so none is lost in between. A script that ends because the store failed it leaves
/// what was in its mailbox to the dead letters; the registry listens there and tells those askers.
/// The first script that is read brings up journal and snapshot store and has their code compiled, some hundred milliseconds
/// of processor whatever the script; so at its start the registry looks up one that cannot exist, for nobody.
/// </summary>
public sealed class ScriptRegistry : ReceiveActor
{
    /// <summary>What every script's persistence id starts with.</summary>
    public const string PersistenceIdPrefix = "script-";

    /// <summary>A path that <see cref="ScriptPath"/> refuses, so no script has it.</summary>
    internal const string NoScript = "/";

    private readonly ScriptOptions _options;
    private readonly ICodeStore _codes;
    private readonly IScriptCatalog _catalog;
    private readonly LiveScripts _live;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, Queue<(IWithScriptPath Message, IActorRef Asker)>> _leaving = [];

    /// <summary>Use <see cref="Props"/>.</summary>
    public ScriptRegistry(ScriptOptions options, ICodeStore codes, IScriptCatalog catalog, IPersistenceIds ids, LiveScripts live)
    {
        (_options, _codes, _catalog, _live) = (options, codes, catalog, live);
        var keeper = Context.ActorOf(CatalogKeeper.Props(catalog, ids), CatalogKeeper.Name);
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

        Receive<IWithScriptPath>(message => Route(message, Sender));
        Receive<ListScripts>(_ => List(Sender));
        Receive<RebuildCatalog>(keeper.Forward);
        Receive<Passivate>(passivate => HoldBack(passivate.Path, Sender));
        Receive<Terminated>(terminated => OnGone(terminated.ActorRef));
        Receive<DeadLetter>(letter => OnUndelivered(letter));
    }

    /// <summary>How to make the registry.</summary>
    public static Props Props(ScriptOptions options, ICodeStore codes, IScriptCatalog catalog, IPersistenceIds ids, LiveScripts live) =>
        Akka.Actor.Props.Create(() => new ScriptRegistry(options, codes, catalog, ids, live));

    /// <inheritdoc/>
    protected override void PreStart() => Route(new GetVersion(NoScript, null), Context.System.DeadLetters);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _log.Error(failure, "A script's actor failed");
        return Directive.Stop;
    });

    private void Route(IWithScriptPath message, IActorRef asker)
    {
        if (_leaving.TryGetValue(message.Path, out var held))
        {
            held.Enqueue((message, asker));
            return;
        }

        var name = NameOf(message.Path);
        var script = Context.Child(name);
        if (script.IsNobody())
        {
            script = Context.Watch(Context.ActorOf(ScriptActor.Props(message.Path, _options, _codes, _catalog, _live), name));
        }

        script.Tell(message, asker);
    }

    private void List(IActorRef asker) => _catalog.AllAsync(CancellationToken.None).PipeTo(
        asker,
        Self,
        entries => new ScriptList([.. entries.Select(entry => entry.Summary).OrderBy(summary => summary.Path, StringComparer.Ordinal)]),
        failure => new StoreUnavailable("", failure.Message));

    private void HoldBack(string path, IActorRef script)
    {
        if (_leaving.TryAdd(path, []))
        {
            script.Tell(ScriptActor.Leave.Instance);
        }
    }

    private void OnGone(IActorRef script)
    {
        var path = Uri.UnescapeDataString(script.Path.Name);
        if (_leaving.Remove(path, out var held))
        {
            foreach (var (message, asker) in held)
            {
                Route(message, asker);
            }
        }
    }

    private void OnUndelivered(DeadLetter letter)
    {
        if (letter.Message is PublishVersion or GetVersion or RefreshCatalog && Equals(letter.Recipient.Path.Parent, Self.Path))
        {
            letter.Sender.Tell(new StoreUnavailable(((IWithScriptPath)letter.Message).Path, "The script could not be read from, or written to, the store."));
        }
    }

    private static string NameOf(string path) => Uri.EscapeDataString(path);

    /// <summary>A script has been idle and would leave.</summary>
    internal sealed record Passivate(string Path) : INoSerializationVerificationNeeded;
}

/// <summary>Wiring.</summary>
public static class ScriptRegistryHosting
{
    /// <summary>Starts the registry under the key <see cref="ScriptRegistry"/>: endpoints take <c>IRequiredActor&lt;ScriptRegistry&gt;</c>.</summary>
    public static AkkaConfigurationBuilder AddScripts(
        this AkkaConfigurationBuilder builder,
        ScriptOptions options,
        ICodeStore codes,
        IScriptCatalog catalog,
        IPersistenceIds ids,
        LiveScripts live) =>
        builder.WithActors((system, registry) => registry.Register<ScriptRegistry>(system.ActorOf(ScriptRegistry.Props(options, codes, catalog, ids, live), "scripts")));
}
