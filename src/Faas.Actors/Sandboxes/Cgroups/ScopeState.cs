namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>The state of a scope, as systemctl(1) shows it.</summary>
/// <param name="IsOver">The scope has no process any more.</param>
/// <param name="IsFailed">The scope failed. The manager keeps a failed scope until it is told to forget it.</param>
/// <param name="IsOom">The scope failed because the kernel killed one of its processes for memory.</param>
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
