using Faas.Actors.Sandboxes.Walls;

namespace Faas.Http.Hosting;

/// <summary>
/// Begins to try every wall as soon as the server starts, so that the trial's sandboxes come up beside the store and
/// the pool; <see cref="WallsAtStart"/> waits for the result. A server that stops meanwhile gives the trial up, and
/// does not leave before its sandboxes are gone.
/// </summary>
public sealed class WallTrial(WallProbe probe) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task<IReadOnlyList<WallCheck>>? _trial;

    /// <summary>What was found, one line a wall. Only after <see cref="StartAsync"/>.</summary>
    public Task<IReadOnlyList<WallCheck>> ResultAsync(CancellationToken cancellation) => _trial!.WaitAsync(cancellation);

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _trial = Task.Run(() => probe.RunAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_trial is not null)
        {
            await ((Task)_trial).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stopping.Dispose();
}
