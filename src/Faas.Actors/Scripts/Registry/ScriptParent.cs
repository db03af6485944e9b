using Akka.Actor;
using Akka.DependencyInjection;
using Akka.Event;
using Akka.Hosting;

namespace Faas.Actors.Scripts.Registry;

/// <summary>
/// The parent of every script's actor on a server of one node. It brings each request to the actor of its script and starts
/// that actor when it does not run.
/// <para>
/// Theory of operation. Towards a script's actor it behaves as a shard region does, which takes its place in a cluster: an
/// <see cref="IMessageExtractor"/> says which script a request is for, a request's sender takes the reply, and an actor that
/// is idle asks by <see cref="Passivate"/> to end. Requests that come between that and the actor's end wait here, a bounded
/// number of them, and go to its successor. None is lost: whatever was passed on before has been read by the actor when it
/// reads the stop message, because a mailbox keeps its order.
/// </para>
/// <para>
/// An actor also ends when the journal fails it, which Akka does at once, whatever is left in its mailbox and its stash; and
/// requests may reach it after that. So each request has a <see cref="TrackedReply"/> as its sender. When the actor's end is
/// reported here, no reply can come from it any more, and those that have not replied are exactly the requests that were
/// lost, wherever that was. Their askers are told.
/// </para>
/// </summary>
public sealed class ScriptParent : UntypedActor
{
    /// <summary>A path that <see cref="ScriptPath"/> refuses, so no script has it.</summary>
    internal const string NoScript = "/";

    private const int DefaultMostWaiting = 10_000;
    private const string Lost = "The script could not be read from, or written to, the store.";
    private const string TooManyWait = "Too many requests wait for scripts that are leaving memory.";

    private readonly IMessageExtractor _extractor;
    private readonly Func<string, Props> _propsOf;
    private readonly int _mostWaiting;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, TrackedEntity> _scripts = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public ScriptParent(IMessageExtractor extractor, Func<string, Props> propsOf, int mostWaiting) =>
        (_extractor, _propsOf, _mostWaiting) = (extractor, propsOf, mostWaiting);

    /// <summary>How to make the parent.</summary>
    /// <param name="extractor">Says which script a message is for.</param>
    /// <param name="propsOf">How to make the actor of the script with this path.</param>
    /// <param name="mostWaiting">
    /// Requests that may wait for successors at once, of all scripts together; the askers of more are told.
    /// </param>
    public static Props Props(IMessageExtractor extractor, Func<string, Props> propsOf, int mostWaiting = DefaultMostWaiting) =>
        Akka.Actor.Props.Create<ScriptParent>(extractor, propsOf, mostWaiting);

    /// <summary>
    /// Starts the parent of scripts whose actors take what they need from the resolver. The first script that is read brings
    /// up the journal and the snapshot store and has their code compiled, which takes some hundred milliseconds of processor
    /// time; so one that cannot exist is read at once.
    /// </summary>
    internal static IActorRef Start(IActorRefFactory system, IDependencyResolver resolver, string? name = null)
    {
        var scripts = system.ActorOf(Props(new ScriptMessageExtractor(), path => resolver.Props<ScriptActor>(path)), name);
        scripts.Tell(new GetVersion(NoScript, null), ActorRefs.NoSender);
        return scripts;
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Passivate passivate:
                BeginToEnd(Sender, passivate.StopMessage);
                break;
            case Terminated ended:
                OnEnded(PathOf(ended.ActorRef));
                break;
            default:
                Route(message, Sender);
                break;
        }
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _log.Error(failure, "A script's actor failed");
        return Directive.Stop;
    });

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var (path, script) in _scripts)
        {
            script.ReplyToAll(new StoreUnavailable(path, Lost), Self);
            foreach (var (_, asker) in script.Waiting ?? [])
            {
                asker.Tell(new StoreUnavailable(path, Lost), Self);
            }
        }
    }

    private void Route(object message, IActorRef asker)
    {
        if (_extractor.EntityId(message) is not { } path)
        {
            Unhandled(message);
            return;
        }

        if (!_scripts.TryGetValue(path, out var script))
        {
            script = _scripts[path] = new TrackedEntity(Context.Watch(Context.ActorOf(_propsOf(path), NameOf(path))));
        }

        if (script.Waiting is not { } waiting)
        {
            script.Ask(_extractor.EntityMessage(message), asker);
        }
        else if (_waiting < _mostWaiting)
        {
            waiting.Enqueue((message, asker));
            _waiting++;
        }
        else
        {
            asker.Tell(new StoreUnavailable(path, TooManyWait), Self);
        }
    }

    private void BeginToEnd(IActorRef actor, object stopMessage)
    {
        if (_scripts.TryGetValue(PathOf(actor), out var script) && script.Waiting is null)
        {
            script.Waiting = [];
            script.Tell(stopMessage, Self);
        }
    }

    private void OnEnded(string path)
    {
        _scripts.Remove(path, out var script);
        script!.ReplyToAll(new StoreUnavailable(path, Lost), Self);
        foreach (var (message, asker) in script.Waiting ?? [])
        {
            _waiting--;
            Route(message, asker);
        }
    }

    private static string NameOf(string path) => Uri.EscapeDataString(path);

    private static string PathOf(IActorRef script) => Uri.UnescapeDataString(script.Path.Name);
}

/// <summary>Wiring.</summary>
public static class ScriptParentHosting
{
    /// <summary>Starts the parent under the key <see cref="ScriptRegistry"/>.</summary>
    public static AkkaConfigurationBuilder AddScriptParent(this AkkaConfigurationBuilder builder) =>
        builder.WithActors(
            (system, registry, resolver) => registry.Register<ScriptRegistry>(ScriptParent.Start(system, resolver, "scripts")));
}
