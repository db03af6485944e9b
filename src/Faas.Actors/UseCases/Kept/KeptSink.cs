using Faas.Actors.Runs.Output;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Takes the output of a kept run, for its record and for the caller. When the caller's own sink takes nothing more, or the caller has
/// left, the run goes on for the record alone.
/// </summary>
/// <param name="caller">The caller's sink.</param>
/// <param name="output">The record's.</param>
internal sealed class KeptSink(IRunSink caller, KeptOutput output) : IRunSink
{
    private readonly Lock _gate = new();
    private Task<bool> _asked = Task.FromResult(true);
    private bool _hasLeft;

    /// <inheritdoc/>
    public TimeSpan IdleAfter => caller.IdleAfter;

    /// <inheritdoc/>
    public CancellationToken Closing => caller.Closing;

    /// <inheritdoc/>
    public ValueTask<bool> StartAsync(RunStarted started) => AskAsync(() => caller.StartAsync(started));

    /// <inheritdoc/>
    public ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events)
    {
        foreach (var line in events.OfType<OutputLine>())
        {
            output.Append(line);
        }

        return AskAsync(() => caller.WriteAsync(events));
    }

    /// <inheritdoc/>
    public ValueTask<bool> IdleAsync() => AskAsync(caller.IdleAsync);

    /// <summary>The caller's sink is not asked for anything any more when this returns.</summary>
    public async Task LeaveAsync()
    {
        Task asked;
        lock (_gate)
        {
            (_hasLeft, asked) = (true, _asked);
        }

        await asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask<bool> AskAsync(Func<ValueTask<bool>> ask)
    {
        Task<bool> asked;
        lock (_gate)
        {
            if (_hasLeft)
            {
                return true;
            }

            asked = _asked = ask().AsTask();
        }

        if (!await asked)
        {
            lock (_gate)
            {
                _hasLeft = true;
            }
        }

        return true;
    }
}
