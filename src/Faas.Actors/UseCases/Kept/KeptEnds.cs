using System.Collections.Concurrent;

namespace Faas.Actors.UseCases.Kept;

/// <summary>
/// Tells those of this server who wait for a kept run that a worker of this server has written its end. Safe from any thread.
/// </summary>
public sealed class KeptEnds
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);

    /// <summary>Completes when a worker of this server writes the end of the run, unless it has done so before.</summary>
    public Task Of(string id) =>
        _awaited.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The end of the run is written.</summary>
    public void Written(string id)
    {
        if (_awaited.TryRemove(id, out var awaited))
        {
            awaited.SetResult();
        }
    }

    /// <summary>Its caller waits no longer.</summary>
    public void Forget(string id) => _awaited.TryRemove(id, out _);
}
