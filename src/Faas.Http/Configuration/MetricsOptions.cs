using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary><c>faas.metrics</c> of hocon/faas.conf.</summary>
/// <param name="Scripts">How many scripts have a name in metrics.</param>
public sealed record MetricsOptions(int Scripts)
{
    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static MetricsOptions From(Settings settings) => new(settings.Int("faas.metrics.scripts", 0, 10_000));
}
