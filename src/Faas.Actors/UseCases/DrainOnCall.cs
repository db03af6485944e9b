using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Pool;

namespace Faas.Actors.UseCases;

/// <summary>Lets an operator empty the pool of a server that goes on, and fill it again.</summary>
public sealed class DrainOnCall(IRequiredActor<SandboxPool> pool)
{
    // Sandboxes die and the pool answers within this time, or something is broken.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Refuses new runs, serves the accepted ones for at most <paramref name="within"/>, then cancels them. Ends when no sandbox is left.
    /// The result is null, or a refusal where another call has ended the drain meanwhile. Who stops waiting does not end the drain.
    /// </summary>
    public async Task<Refusal?> BeginAsync(TimeSpan within, CancellationToken cancellation) =>
        await pool.ActorRef.Ask<object>(new DrainUntilResumed(within), within + s_patience, cancellation) is PoolDrained
            ? null
            : Refusal.Conflict("Another call has ended the drain: the server accepts work again.");

    /// <summary>Accepts runs again. The result is null, or a refusal where the server stops.</summary>
    public async Task<Refusal?> EndAsync(CancellationToken cancellation) =>
        (await pool.ActorRef.Ask<PoolResumed>(ResumePool.Instance, s_patience, cancellation)).IsAccepting
            ? null
            : Refusal.Conflict("The server is stopping, so the drain cannot be ended.");
}
