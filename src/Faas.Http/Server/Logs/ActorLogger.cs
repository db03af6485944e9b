using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Faas.Http.Server.Logs;

/// <summary>
/// Writes what actors log into the server's log, each entry as an <see cref="ActorLine"/>. The logger that it changes writes the level, the
/// time and the thread into the text, although the entry has the first two.
/// </summary>
public sealed class ActorLogger : LoggerFactoryLogger
{
    private readonly ILogger<ActorSystem> _log;

    /// <summary>Akka makes it.</summary>
    public ActorLogger() =>
        _log = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory.CreateLogger<ActorSystem>();

    /// <inheritdoc />
    protected override void Log(LogEvent log, ActorPath path)
    {
        var level = LevelOf(log.LogLevel());
        if (_log.IsEnabled(level))
        {
            _log.Log(level, default, new ActorLine(log), log.Cause, static (line, _) => line.ToString());
        }
    }

    private static LogLevel LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
