using Akka.Event;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>Tells of failures that no code awaits, because the actor that began the work has stopped.</summary>
internal static class TaskFaults
{
    /// <summary>Logs the failure of a task, should it fail.</summary>
    public static void LogFault(this Task task, ILoggingAdapter log, string what) => task.ContinueWith(
        failed => log.Error(failed.Exception, what),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
