using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.UseCases;

/// <summary>
/// Takes a run's output while the run goes on. Each call is awaited before the next one is made, and the script's own next
/// write waits with it: a slow sink stalls the script and fills no memory. A call that returns false says that the sink
/// takes nothing more; the run is then cancelled.
/// </summary>
public interface IRunSink
{
    /// <summary>How long a silence lasts before <see cref="IdleAsync"/> is called.</summary>
    TimeSpan IdleAfter { get; }

    /// <summary>
    /// Cancelled when the sink must end before the run does, because the server stops. The outcome is then <c>cancelled</c>.
    /// </summary>
    CancellationToken Closing { get; }

    /// <summary>The run has a sandbox; called once, before everything else.</summary>
    ValueTask<bool> StartAsync(RunStarted started);

    /// <summary>Output as it comes, of bounded size. The last event of all is one <see cref="OutputEnded"/>.</summary>
    ValueTask<bool> WriteAsync(IReadOnlyList<OutputEvent> events);

    /// <summary>Nothing was printed for <see cref="IdleAfter"/>.</summary>
    ValueTask<bool> IdleAsync();
}

/// <summary>A run has a sandbox.</summary>
/// <param name="Warmth">Where the sandbox came from.</param>
/// <param name="Version">The version; null for code that is not stored.</param>
public sealed record RunStarted(Warmth Warmth, long? Version);
