using System.Collections.Concurrent;
using Faas.Bench.Load;

namespace Faas.Bench.Ways;

/// <summary>Calls whichever zygote is free.</summary>
/// <param name="free">The zygotes that nobody uses.</param>
/// <param name="owned">The one that goes with this caller; null: none.</param>
internal sealed class FloorCaller(BlockingCollection<Zygote> free, Zygote? owned) : ICaller
{
    /// <inheritdoc/>
    public void Call()
    {
        var zygote = free.Take();
        try
        {
            zygote.Call();
        }
        finally
        {
            free.Add(zygote);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => owned?.Dispose();
}
