namespace Faas.Bench.Libraries;

/// <summary>
/// What <c>pip config list</c> prints: <c>SECTION.KEY='VALUE'</c>, a line each, where the section of variables is <c>:env:</c>.
/// </summary>
internal static class PipSettings
{
    // What counts before what.
    private static readonly string[] s_keys = [":env:.index-url", "install.index-url", "global.index-url"];

    /// <summary>The registry that pip installs from; null: it is told of none.</summary>
    public static string? IndexOf(string list)
    {
        var settings = list.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim().Trim('\'', '"'));
        return s_keys.Select(settings.GetValueOrDefault).FirstOrDefault(value => !string.IsNullOrEmpty(value));
    }
}
