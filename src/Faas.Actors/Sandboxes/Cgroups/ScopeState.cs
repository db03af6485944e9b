namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>A scope, as systemctl(1) shows it.</summary>
/// <param name="IsOver">Nothing is in it any more.</param>
/// <param name="IsFailed">The manager keeps it until it is told to forget it.</param>
/// <param name="IsOom">It failed because the kernel killed a process of it for memory.</param>
internal sealed record ScopeState(bool IsOver, bool IsFailed, bool IsOom)
{
    /// <summary>Reads lines <c>ActiveState=…</c> and <c>Result=…</c>.</summary>
    public static ScopeState Parse(string shown)
    {
        var lines = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var failed = lines.Contains("ActiveState=failed");
        return new ScopeState(failed || lines.Contains("ActiveState=inactive"), failed, lines.Contains("Result=oom-kill"));
    }
}
