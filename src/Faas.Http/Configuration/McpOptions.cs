using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary><c>faas.mcp</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Enabled">Whether there is <c>/mcp</c>.</param>
/// <param name="PageSize">How many scripts one page of the list of tools has.</param>
public sealed record McpOptions(bool Enabled, int PageSize)
{
    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static McpOptions From(Settings settings) => new(
        settings.OneOf("faas.mcp.enabled", "true", "false") == "true", settings.Int("faas.mcp.page-size", 1, 1000));
}
