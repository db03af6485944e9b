using Akka.Actor;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool;

/// <summary>
/// Says how an actor for one sandbox of a runtime is made. The actor starts its sandbox at once and talks to its
/// parent, the pool, by <see cref="Sandboxes"/>' protocol. Must not throw: what can fail belongs in the actor.
/// </summary>
public delegate Props SandboxFactory(Runtime runtime);
