using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary><c>faas.log</c> of hocon/faas.conf.</summary>
/// <param name="Format">How a line is written.</param>
/// <param name="Level">The least important entries.</param>
public sealed record LogOptions(LogFormat Format, LogThreshold Level)
{
    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static LogOptions From(Settings settings) =>
        new(settings.OneOf<LogFormat>("faas.log.format"), settings.OneOf<LogThreshold>("faas.log.level"));
}
