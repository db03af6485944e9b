using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Stores what a kept run prints while it is executed. Safe from any thread.
/// <para>
/// Theory of operation. Lines wait in a bounded tail. The first of them begins a task that waits a moment for more, stores what there is,
/// and goes on until nothing is left; so a run has one call of the store under way at most, and one that prints nothing, or ends within
/// that moment, has none. The script never waits for the store: when it prints faster than the store takes, or the store is away, the
/// tail drops its oldest lines, and readers are told of a gap. What is left at the end is stored with the end of the run, in one step.
/// </para>
/// </summary>
/// <param name="most">The most bytes that wait.</param>
/// <param name="store">Stores lines; false: the run is not this server's any more. Null: all is stored with the end.</param>
/// <param name="before">How many lines earlier attempts have printed.</param>
public sealed class KeptOutput(int most, Func<IReadOnlyList<KeptPiece>, Task<bool>>? store, long before = 0)
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KeptTail _tail = new(most, before);
    private Task _storing = Task.CompletedTask;
    private bool _isStoring;
    private bool _isOver;

    /// <summary>Whether anything was printed.</summary>
    public bool HasAny
    {
        get
        {
            lock (_gate)
            {
                return _tail.HasAny;
            }
        }
    }

    /// <summary>Takes what the run prints.</summary>
    public void Append(OutputStream stream, ReadOnlyMemory<byte> bytes) => Append(() => _tail.Append(stream, bytes));

    /// <summary>Takes a line that the run has printed. A run's output comes either in lines or in bytes.</summary>
    public void Append(OutputLine line) => Append(() => _tail.Append(line));

    private void Append(Action add)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            add();
            if (store is not null && !_isStoring && !_tail.IsEmpty)
            {
                _isStoring = true;
                _storing = StoreAsync(store);
            }
        }
    }

    /// <summary>The run prints nothing more: what is left to store.</summary>
    public async Task<KeptRest> EndAsync()
    {
        Task storing;
        lock (_gate)
        {
            if (!_isOver)
            {
                _isOver = true;
                _tail.End();
            }

            storing = _storing;
        }

        _ended.TrySetResult();
        await storing;
        lock (_gate)
        {
            return new KeptRest(_tail.Rest(), _tail.Count);
        }
    }

    private async Task StoreAsync(Func<IReadOnlyList<KeptPiece>, Task<bool>> to)
    {
        var pause = s_moment;
        while (true)
        {
            await _ended.Task.WaitAsync(pause).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            IReadOnlyList<KeptPiece> pieces;
            lock (_gate)
            {
                if (_isOver || _tail.IsEmpty)
                {
                    _isStoring = false;
                    return;
                }

                pieces = _tail.Next();
            }

            pause = await TryAsync(to, pieces) ? s_moment : s_pause;
        }
    }

    private async Task<bool> TryAsync(Func<IReadOnlyList<KeptPiece>, Task<bool>> to, IReadOnlyList<KeptPiece> pieces)
    {
        try
        {
            // Of a run that another server has ended, nothing is stored any more.
            await to(pieces);
        }
#pragma warning disable CA1031 // Whatever the client of Redis throws, the run goes on; the workers say that the store is away.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }

        lock (_gate)
        {
            _tail.Stored(pieces[^1].Last);
        }

        return true;
    }
}
