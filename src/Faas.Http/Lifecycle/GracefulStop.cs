using Akka.Actor;
using Akka.Hosting;
using Faas.Actors.Cluster;
using Faas.Actors.Pool;
using Faas.Http.Configuration;

namespace Faas.Http.Lifecycle;

/// <summary>
/// What happens between the stop signal, or the end of its notice (<see cref="StopNotice"/>), and the end of the process.
/// Theory of operation: the host calls
/// <see cref="StoppingAsync"/> before it stops any service, so the listener still answers, with 503 to new work.
/// The pool lets runs finish within <c>drain-timeout</c> and then cancels them; either way their requests get
/// an answer, and event streams their last event. Requests that are stuck in their own client are then cut. After
/// that the host stops the listener, the actor system and the store, in this order, with nothing left to wait for.
/// A node that its cluster has given up drains nothing, because its actor system is ending already.
/// </summary>
public sealed partial class GracefulStop(
    IRequiredActor<SandboxPool> pool, RequestGate gate, ClusterMembership cluster, FaasOptions options, ILogger<GracefulStop> log)
    : IHostedLifecycleService
{
    /// <summary>Everything but the drain itself: dying sandboxes, last answers, the actor system and the store.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_sandboxesDie = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lastAnswers = TimeSpan.FromSeconds(1);

    private bool _serves;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _serves = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A start that failed is stopped too, and a stop may be asked for twice.
        if (!_serves)
        {
            return;
        }

        _serves = false;
        gate.Drain();
        if (cluster.Loss is null)
        {
            await DrainPoolAsync();
        }

        await IdleWithin(s_lastAnswers);
        gate.Abandon();
        await IdleWithin(s_lastAnswers);
        gate.Abort();
    }

    private async Task DrainPoolAsync()
    {
        var within = options.Http.DrainTimeout;
        try
        {
            await pool.ActorRef.Ask<PoolDrained>(new DrainPool(within), within + s_sandboxesDie);
        }
        catch (AskTimeoutException)
        {
            LogNotDrained(within);
        }
    }

    private Task IdleWithin(TimeSpan wait) =>
        gate.Idle.WaitAsync(wait)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Sandboxes were still alive after the drain time of {Within}; stopping all the same.")]
    private partial void LogNotDrained(TimeSpan within);
}
