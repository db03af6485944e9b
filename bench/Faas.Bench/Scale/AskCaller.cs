using Akka.Actor;
using Faas.Bench.Load;

namespace Faas.Bench.Scale;

/// <summary>Asks an actor one thing after the other, each of which must be answered by one type.</summary>
internal sealed class AskCaller<T>(IActorRef actor, Func<object> next) : ICaller
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public void Call()
    {
        var answer = actor.Ask<object>(next(), s_patience).GetAwaiter().GetResult();
        if (answer is not T)
        {
            throw new CallFailedException($"answered {answer}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
