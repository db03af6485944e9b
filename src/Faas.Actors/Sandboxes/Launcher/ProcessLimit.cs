namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>
/// Names the cause of a failed start when a limit on processes is the cause. The kernel refuses a new process or thread with EAGAIN
/// (fork(2)), and each program says that in words of its own, which name no limit.
/// </summary>
public static class ProcessLimit
{
    private const string Cause =
        "(EAGAIN: a limit on processes is reached, that of the server's user, ulimit -u, or faas.sandbox.pids)";

    // As a mother, the C library, node, dash and node again say it.
    private static readonly string[] s_signs =
        ["fork failed, errno 11", "Resource temporarily unavailable", "EAGAIN", "Cannot fork", "pthread_create"];

    /// <summary>What was said, with the cause behind it if it is a limit on processes.</summary>
    public static string Explain(string said) =>
        s_signs.Any(sign => said.Contains(sign, StringComparison.Ordinal)) ? $"{said} {Cause}" : said;
}
