using System.Runtime.CompilerServices;
using Faas.Http.Configuration;

namespace Faas.Http.Lifecycle;

/// <summary>
/// The time between the signal to stop and the stop itself.
/// <para>
/// Theory of operation. A balancer asks <c>/readyz</c> from time to time, so it goes on sending calls to a server that has just been told
/// to stop. For <c>faas.http.drain-delay</c> the server therefore says that it is not ready, has its clients close their connections, and
/// serves every call as before. A connection that carried no call in that time is closed at the end of it; if its client used it later,
/// the call would be refused. A server that has to end because it lost its store or its cluster does not wait.
/// </para>
/// </summary>
public sealed class StopNotice(RequestGate gate, HttpOptions options, IHostApplicationLifetime lifetime)
{
    /// <summary>Returns when the server is to stop, with the notice given and the delay over, or with the host stopping already.</summary>
    /// <param name="signal">Cancelled when the server is told to stop.</param>
    public async Task WaitAsync(CancellationToken signal)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signal, lifetime.ApplicationStopping);
        await EndOf(Timeout.InfiniteTimeSpan, either.Token);
        if (lifetime.ApplicationStopping.IsCancellationRequested || options.DrainDelay == TimeSpan.Zero)
        {
            return;
        }

        gate.Announce();
        await EndOf(options.DrainDelay, lifetime.ApplicationStopping);
        gate.Dismiss();
    }

    private static ConfiguredTaskAwaitable EndOf(TimeSpan delay, CancellationToken cancellation) =>
        Task.Delay(delay, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
