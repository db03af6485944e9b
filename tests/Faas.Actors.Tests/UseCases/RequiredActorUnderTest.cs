using Akka.Actor;
using Akka.Hosting;

namespace Faas.Actors.Tests.UseCases;

/// <summary>The way to an actor that a test has made.</summary>
internal sealed class RequiredActorUnderTest<TActor>(IActorRef actor) : IRequiredActor<TActor>
{
    public IActorRef ActorRef { get; } = actor;

    public Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(ActorRef);
}
