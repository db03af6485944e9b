using Microsoft.Extensions.Hosting;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>The life of a host that a test stops.</summary>
internal sealed class LifetimeOnPaper : IHostApplicationLifetime
{
    private readonly CancellationTokenSource _stopping = new();

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => _stopping.Cancel();
}
