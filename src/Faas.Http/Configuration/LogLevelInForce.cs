namespace Faas.Http.Configuration;

/// <summary><c>faas.log.level</c>, which a reload can change.</summary>
public sealed class LogLevelInForce(LogThreshold level)
{
    private volatile int _level = (int)level;

    /// <summary>The least important entries that are written.</summary>
    public LogThreshold Level
    {
        get => (LogThreshold)_level;
        set => _level = (int)value;
    }
}
