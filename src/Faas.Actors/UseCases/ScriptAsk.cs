using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>
/// Asks a script's actor.
/// <para>
/// Theory of operation. A script's actor waits for nothing but the store, so its silence is <see cref="StoreUnavailable"/>. In a cluster, a
/// request is also lost when it was sent to a node that had failed and that the others did not know to be gone yet. A question is
/// sent again then, and the first reply counts. A request that changes the script is not: the failed node may have carried it out.
/// </para>
/// </summary>
internal static class ScriptAsk
{
    /// <summary>Sends the request and returns the reply.</summary>
    /// <param name="registry">The way to the script's actor.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">How long to wait, and when to send a question again.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    public static async Task<IWithScriptPath> AskAsync(
        IRequiredActor<ScriptRegistry> registry, IScriptRequest request, UseCaseOptions options, CancellationToken cancellation)
    {
        try
        {
            return request is IScriptQuestion && options.AskAgainAfter is { } again
                ? await AskRepeatedlyAsync(registry.ActorRef, request, options.StorePatience, again, cancellation)
                : await registry.ActorRef.Ask<IWithScriptPath>(request, options.StorePatience, cancellation);
        }
        catch (AskTimeoutException)
        {
            return new StoreUnavailable(
                request.Path,
                options.AskAgainAfter is null
                    ? "The store did not answer in time."
                    : "The node that is the script's home, or the store, did not answer in time.");
        }
    }

    // The first one that was sent decides when the patience is at its end.
    private static async Task<IWithScriptPath> AskRepeatedlyAsync(
        IActorRef script, IScriptRequest question, TimeSpan patience, TimeSpan again, CancellationToken cancellation)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asked = new List<Task<IWithScriptPath>>();
        try
        {
            while (true)
            {
                asked.Add(script.Ask<IWithScriptPath>(question, patience, answered.Token));
                var pause = Task.Delay(again, answered.Token);
                var first = await Task.WhenAny([.. asked, pause]);
                if (first is Task<IWithScriptPath> reply)
                {
                    return await reply;
                }

                await pause;
            }
        }
        finally
        {
            await answered.CancelAsync();
        }
    }
}
