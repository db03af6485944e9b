using Akka.Actor;
using Faas.Actors.Runs;

namespace Faas.Actors.Pool;

/// <summary>
/// Says how the actor of one sandbox of an image is made. The actor starts its sandbox at once and talks to its
/// parent, the pool, by the protocol of <see cref="Sandboxes"/>. Must not throw: work that can fail belongs in the actor.
/// </summary>
public delegate Props SandboxFactory(ImageKey image);
