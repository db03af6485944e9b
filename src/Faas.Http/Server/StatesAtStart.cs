using Akka.Actor;
using Faas.Actors.Lending;
using Faas.Actors.Storage.Redis;
using Faas.Http.Configuration;

namespace Faas.Http.Server;

/// <summary>
/// Waits at the start until keys or secrets are known: a server alone has their actor read them, and a node of a cluster borrows them from
/// the node that has them.
/// </summary>
internal static class StatesAtStart
{
    /// <summary>Throws <see cref="StoreStartException"/> when they do not become known in time.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <param name="actor">Their actor.</param>
    /// <param name="question">Has it read them; it answers with <typeparamref name="TKnown"/> when it has.</param>
    /// <param name="isKnown">Completes when they are known.</param>
    /// <param name="cancellation">Cancelled when the start is.</param>
    public static async Task WaitAsync<TKnown>(
        FaasOptions options, string what, IActorRef actor, object question, Task isKnown, CancellationToken cancellation)
    {
        var patience = (2 * options.Store.Timeout) + (options.Cluster.Enabled ? LoanBook.Long : TimeSpan.Zero);
        try
        {
            if (!options.Cluster.Enabled)
            {
                await actor.Ask<TKnown>(question, patience, cancellation);
            }

            await isKnown.WaitAsync(patience, cancellation);
        }
        catch (Exception silent) when (silent is AskTimeoutException or TimeoutException)
        {
            throw new StoreStartException(options.Cluster.Enabled
                ? $"No node of the cluster gave the {what} within {patience.TotalSeconds} s. "
                    + "Another cluster may use the same Redis and faas.store.key-prefix."
                : $"The store did not give the {what} within {patience.TotalSeconds} s.");
        }
    }
}
