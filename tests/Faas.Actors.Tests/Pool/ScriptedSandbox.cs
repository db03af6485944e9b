using Akka.Actor;
using Faas.Actors.Scripts;

namespace Faas.Actors.Tests.Pool;

/// <summary>In the place of a sandbox's actor: tells a probe of its birth and of all it is sent, and does what the test says.</summary>
internal sealed class ScriptedSandbox : ReceiveActor
{
    private readonly Runtime _runtime;
    private readonly IActorRef _probe;

    public ScriptedSandbox(Runtime runtime, IActorRef probe)
    {
        (_runtime, _probe) = (runtime, probe);
        Receive<Say>(say => Context.Parent.Tell(say.Message));
        Receive<Crash>(_ => throw new InvalidOperationException("as told"));
        ReceiveAny(message => _probe.Tell(message));
    }

    protected override void PreStart() => _probe.Tell(new Born(_runtime, Self));

    /// <summary>A sandbox was started.</summary>
    public sealed record Born(Runtime Runtime, IActorRef Sandbox);

    /// <summary>Tell the pool this.</summary>
    public sealed record Say(object Message);

    /// <summary>Throw.</summary>
    public sealed record Crash;
}
