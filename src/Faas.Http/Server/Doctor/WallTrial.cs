using Faas.Actors.Sandboxes.Doctor;

namespace Faas.Http.Server.Doctor;

/// <summary>
/// Tries every wall while the rest of the server is being built, so that the trial costs the start no time of its own;
/// <see cref="WallsAtStart"/> waits for the result. A server that stops before that cancels the trial and waits until
/// the trial's sandboxes are gone.
/// </summary>
public sealed class WallTrial : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<IReadOnlyList<WallCheck>> _trial;

    private WallTrial(WallProbe probe) => _trial = Task.Run(() => probe.RunAsync(_stopping.Token), CancellationToken.None);

    /// <summary>Begins it.</summary>
    public static WallTrial Begin(WallProbe probe) => new(probe);

    /// <summary>The result, one check a wall.</summary>
    public Task<IReadOnlyList<WallCheck>> ResultAsync(CancellationToken cancellation) => _trial.WaitAsync(cancellation);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await ((Task)_trial).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }
}
