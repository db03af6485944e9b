namespace Faas.Http.Server.Logs;

/// <summary>The names of levels in the log, as <c>faas.log.level</c> has them.</summary>
public static class LevelName
{
    /// <summary>The level's name.</summary>
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
