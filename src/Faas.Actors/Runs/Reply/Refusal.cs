
namespace Faas.Actors.Runs.Reply;

/// <summary>Why the pool refused.</summary>
public enum Refusal
{
    /// <summary>The queue is full.</summary>
    QueueFull,

    /// <summary>It waited for <c>queue-timeout</c>.</summary>
    QueueTimeout,

    /// <summary>The server is stopping.</summary>
    Draining,
}
