using Faas.Actors.Runs;
using Faas.Actors.Runs.Reply;

namespace Faas.Actors.UseCases;

/// <summary>The other nodes of a cluster, as far as they execute runs for this one.</summary>
public interface IOtherNodes
{
    /// <summary>
    /// Has the run executed on another node, if one is better placed for it; null: none is, or none has taken it, so this node is to.
    /// Throws <see cref="OperationCanceledException"/> when the caller leaves before the reply; the run is then killed.
    /// </summary>
    /// <param name="stored">What to run.</param>
    /// <param name="run">The same as this node's pool would get it.</param>
    /// <param name="cancellation">Cancelled when the caller leaves.</param>
    Task<ForwardedReply?> TryRunAsync(StoredRun stored, Run run, CancellationToken cancellation);

    /// <summary>Has a run cancelled that another node executes for this one. False: there is no such run.</summary>
    /// <param name="runId">Its id on this node.</param>
    bool Cancel(string runId);

    /// <summary>
    /// The run, with this node's part of the sandboxes that are to stay bound to its version (<see cref="Run.MinWarm"/>) in the place of
    /// all of them. The other nodes are told of a version that they may not know.
    /// </summary>
    /// <param name="run">A run of the version.</param>
    /// <param name="stored">The same for the other nodes; null: they have been told.</param>
    Run Share(Run run, StoredRun? stored);

    /// <summary>No sandbox of a script is to stay bound any more, on any node.</summary>
    /// <param name="path">The script.</param>
    void LetGo(string path);
}

/// <summary>A run of a stored version, as another node is told it.</summary>
/// <param name="Path">The script.</param>
/// <param name="Found">The version.</param>
/// <param name="Arguments">What the run is given.</param>
public sealed record StoredRun(string Path, FoundScript Found, RunArguments Arguments);

/// <summary>What another node has replied.</summary>
/// <param name="Reply">The reply, as the pool of this node would give it.</param>
/// <param name="Measured">Completes with the cost of a run whose reply says that it follows.</param>
public sealed record ForwardedReply(IRunReply Reply, Task<Usage> Measured);
