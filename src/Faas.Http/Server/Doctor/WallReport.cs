using Faas.Actors.Sandboxes.Doctor;

namespace Faas.Http.Server.Doctor;

/// <summary>The result of the last trial of the walls, for <c>/readyz</c>.</summary>
public sealed class WallReport
{
    /// <summary>One check a wall; empty before the first try.</summary>
    public IReadOnlyList<WallCheck> Checks { get; set; } = [];

    /// <summary>Where the limits of sandboxes come from, in the words of the start line; null: not known yet.</summary>
    public string? Limits { get; set; }

    /// <summary>How sandboxes are started: <c>fork</c> or <c>exec</c>; null: not known yet.</summary>
    public string? Launch { get; set; }

    /// <summary>The walls that are missing, in one line; null: none.</summary>
    public string? Missing => Checks.Where(check => check.Fault is not null).ToList() is { Count: > 0 } missing
        ? string.Join("; ", missing.Select(check => $"{check.Wall}: {check.Fault}"))
        : null;
}
