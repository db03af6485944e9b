using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The names of the sandboxes' scopes: <c>faas-SERVER-SANDBOX.scope</c>. By the name, a server recognizes the scopes that a
/// dead server (<see cref="ServerIdentity"/>) has left.
/// </summary>
internal static class ScopeName
{
    private const string Start = "faas-";
    private const string End = ".scope";

    /// <summary>The pattern that matches every such name, for systemctl(1).</summary>
    public const string Pattern = Start + "*" + End;

    /// <summary>The name of the scope of a sandbox of this server.</summary>
    public static string Of(string sandbox) => $"{Start}{ServerIdentity.Own}-{sandbox}{End}";

    /// <summary>The server in a scope's name; null: the scope holds no sandbox.</summary>
    public static string? ServerIn(string unit)
    {
        if (!unit.StartsWith(Start, StringComparison.Ordinal) || !unit.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = unit[Start.Length..^End.Length].Split('-');
        return parts.Length == 3 && long.TryParse(parts[0], out _) && ServerIdentity.IsTick(parts[1]) ? $"{parts[0]}-{parts[1]}" : null;
    }
}
