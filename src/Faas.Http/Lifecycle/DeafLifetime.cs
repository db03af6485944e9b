namespace Faas.Http.Lifecycle;

/// <summary>
/// The host listens to no signal: <see cref="StopSignals"/> does, and the process says when the host stops. The host's own
/// <see cref="IHostLifetime"/> would stop it at SIGTERM, before the notice of the stop has been given (<see cref="StopNotice"/>).
/// </summary>
public sealed class DeafLifetime : IHostLifetime
{
    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
