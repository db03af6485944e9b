using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The names of sandboxes' scopes, <c>faas-SERVER-SANDBOX.scope</c>: a server recognizes by them what a dead one
/// (<see cref="ServerIdentity"/>) has left.
/// </summary>
internal static class ScopeName
{
    private const string Start = "faas-";
    private const string End = ".scope";

    /// <summary>The pattern of all of them, for systemctl(1).</summary>
    public const string Pattern = Start + "*" + End;

    /// <summary>That of a sandbox of this server.</summary>
    public static string Of(string sandbox) => $"{Start}{ServerIdentity.Own}-{sandbox}{End}";

    /// <summary>The server in a name; null: it is no sandbox's.</summary>
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
