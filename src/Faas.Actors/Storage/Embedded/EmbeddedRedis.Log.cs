using Microsoft.Extensions.Logging;

namespace Faas.Actors.Storage.Embedded;

public sealed partial class EmbeddedRedis
{
    [LoggerMessage(Message = "redis-server: {Line}")]
    private partial void LogLine(LogLevel level, string line);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The embedded redis-server ended with status {ExitCode} after {Seconds:F1} s; it is started again in {Milliseconds} ms. "
            + "Why: {Why}")]
    private partial void LogDied(int exitCode, double seconds, double milliseconds, string why);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Killed a redis-server (process {ProcessId}) that an earlier server left in the data folder.")]
    private partial void LogLeftover(int processId);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The embedded redis-server did not end within {Seconds} s of SIGTERM and is killed.")]
    private partial void LogKilled(double seconds);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The embedded store is not supervised any more.")]
    private partial void LogSupervisorFailed(Exception failure);
}
