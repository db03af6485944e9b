using Faas.Actors.Configuration;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary><c>faas.sandbox.mothers</c> of hocon/faas.conf, which documents each value.</summary>
public sealed record MotherOptions(int MaxSandboxes, TimeSpan MaxAge, bool PerKey = false)
{
    /// <summary>Reads and checks the section. Throws <see cref="SettingException"/>.</summary>
    public static MotherOptions From(Settings settings) => new(
        settings.Int("faas.sandbox.mothers.max-sandboxes", 1, 60_000),
        settings.Duration("faas.sandbox.mothers.max-age", TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
        settings.OneOf("faas.sandbox.mothers.per-key", "true", "false") == "true");
}
