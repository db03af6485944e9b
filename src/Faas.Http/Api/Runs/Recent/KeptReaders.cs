using Faas.Actors.Runs.Kept;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>
/// The places of clients that follow the events of kept runs and batches: as many as <see cref="KeptRunsOptions.Readers"/>. Safe from any
/// thread.
/// </summary>
public sealed class KeptReaders(KeptRunsOptions options)
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);
    private int _taken;

    /// <summary>Takes a place until it is disposed of. Throws <see cref="ProblemException"/> (429) where none is free.</summary>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref _taken) > options.Readers)
        {
            Interlocked.Decrement(ref _taken);
            throw new ProblemException(FaasProblems.TooManyReaders(options.Readers, s_soon));
        }

        return new Place(this);
    }

    private sealed class Place(KeptReaders readers) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref readers._taken);
    }
}
