using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Akka.Dispatch;
using Faas.Actors.Runs;
using Faas.Actors.Threads;

namespace Faas.Actors.Forwarding;

/// <summary>
/// The runs that this node has forwarded, and has got no reply of. Safe from any thread.
/// <para>
/// Theory of operation. A node is gone when the members have agreed on that: only then is it certain that it ends by itself, and its runs
/// with it. Its runs then have an outcome, <c>sandbox</c>. They are not run again, because they may have had effects.
/// </para>
/// </summary>
internal sealed class OpenForwards
{
    private readonly ConcurrentDictionary<long, OpenForward> _open = [];
    private long _number;

    /// <summary>A run goes to a node.</summary>
    public OpenForward Begin(string node, string runId)
    {
        var open = new OpenForward(Interlocked.Increment(ref _number), node, runId, this);
        _open[open.Number] = open;
        return open;
    }

    /// <summary>The run of this id; null: no such run is forwarded.</summary>
    public OpenForward? Find(string runId) => _open.Values.FirstOrDefault(open => open.RunId == runId);

    /// <summary>A message of another node about a run of this one. One about a run that is over is ignored.</summary>
    public void Take(IOfForwardedRun message)
    {
        if (_open.TryGetValue(message.Number, out var open))
        {
            open.Take(message);
        }
    }

    /// <summary>A node is gone from the members.</summary>
    public void Lose(string node)
    {
        foreach (var open in _open.Values)
        {
            if (open.Node == node)
            {
                open.Lose();
            }
        }
    }

    /// <summary>Nothing more of this run is of interest.</summary>
    internal void End(long number) => _open.TryRemove(number, out _);
}

/// <summary>A run that this node has forwarded.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and streams may register until they end.")]
internal sealed class OpenForward(long number, string node, string runId, OpenForwards all)
{
    private readonly TaskCompletionSource<IOfForwardedRun?> _reply = new();
    private readonly TaskCompletionSource<Usage> _measured = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private int _isReplied; // decided by the thread that brings it, as in AwaitedReply

    /// <summary>Its number on this node.</summary>
    public long Number { get; } = number;

    /// <summary>The node that it was sent to.</summary>
    public string Node { get; } = node;

    /// <summary>Its id on this node.</summary>
    public string RunId { get; } = runId;

    /// <summary>
    /// Cancelled when the node is gone. A stream from another node must be ended by it: references to streams notice the end of the
    /// other stream, and not that of its whole node.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Completes with the reply; with null when the node is gone.</summary>
    public Task<IOfForwardedRun?> Reply => _reply.Task;

    /// <summary>Completes with the cost of the run.</summary>
    public Task<Usage> Measured => _measured.Task;

    /// <summary>A message of the node.</summary>
    public void Take(IOfForwardedRun message)
    {
        if (message is RunCost cost)
        {
            _measured.TrySetResult(cost.Usage);
            all.End(Number);
        }
        else
        {
            Complete(message);
        }
    }

    /// <summary>The node is gone.</summary>
    public void Lose()
    {
        _measured.TrySetResult(Usage.None);
        Complete(null);
        _lost.Cancel();
        all.End(Number);
    }

    private void Complete(IOfForwardedRun? reply)
    {
        if (Interlocked.Exchange(ref _isReplied, 1) == 0)
        {
            CallerThread.RunAfter(new ActionRunnable(() => _reply.SetResult(reply)));
        }
    }
}
