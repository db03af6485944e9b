using Faas.Actors.Runs.Kept;

namespace Faas.Actors.UseCases.Kept;

/// <summary>The seats of this start of the server: those of its workers, and one for each call that has a run at once.</summary>
public sealed class KeptSeats(IKeptNodes nodes, KeptRunsOptions options)
{
    private readonly string _incarnation = Guid.NewGuid().ToString("N");
    private int _calls;

    /// <summary>The seat of the first worker, by which the server is known, too.</summary>
    public KeptSeat Own => new(nodes.Own, _incarnation, 0);

    /// <summary>A seat for one call.</summary>
    public KeptSeat Next() => Own with { Number = options.Concurrency + Interlocked.Increment(ref _calls) };
}
