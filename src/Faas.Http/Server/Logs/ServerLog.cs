using Faas.Http.Configuration;
using Microsoft.Extensions.Logging.Console;

namespace Faas.Http.Server.Logs;

/// <summary>
/// Sets up the log: every entry, Akka's included, is one line on stderr; stdout carries the start lines alone.
/// Theory of operation: entries wait in a queue of the console's own thread. If what reads stderr stands still and the queue is full,
/// entries are dropped, and their number is written as soon as there is room, so that the log never stalls a call.
/// </summary>
public static class ServerLog
{
    private const int QueuedEntries = 10_000;

    /// <summary>Sets it up.</summary>
    public static void AddServerLog(this ILoggingBuilder logging, LogOptions options)
    {
        var inForce = new LogLevelInForce(options.Level);
        logging.Services.AddSingleton(inForce);
        logging
            .AddFilter(level => level >= LogLevel.Warning && level >= (LogLevel)inForce.Level)
            .AddFilter("Faas", level => level >= (LogLevel)inForce.Level)
            // Why a start failed is one line of StartFailure's; these two would add its stack.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddFilter(
                "Microsoft.AspNetCore.Server.Kestrel",
                level => level >= (LogLevel)inForce.Level && level is LogLevel.Warning or LogLevel.Error)
            .AddConsoleFormatter<JsonLineFormatter, ConsoleFormatterOptions>()
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            })
            .Services.Configure<ConsoleLoggerOptions>(console =>
            {
                console.FormatterName = options.Format == LogFormat.Json ? JsonLineFormatter.FormatterName : ConsoleFormatterNames.Simple;
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                console.MaxQueueLength = QueuedEntries;
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            });
    }
}
