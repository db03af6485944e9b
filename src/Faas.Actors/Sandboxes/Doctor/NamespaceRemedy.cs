namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>
/// How to mend a machine on which bubblewrap cannot build a sandbox. Source: bubblewrap's messages, user_namespaces(7),
/// Ubuntu's and Docker's documentation.
/// </summary>
public static class NamespaceRemedy
{
    private const string AppArmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    private const string Debian = "/proc/sys/kernel/unprivileged_userns_clone";
    private const string Most = "/proc/sys/user/max_user_namespaces";

    private static readonly string[] s_refusals = ["namespace", "uid map", "gid map", "setting up loopback", "Operation not permitted", "Permission denied"];

    /// <summary>What to do, in one line; null: nothing known helps against this message.</summary>
    /// <param name="stderr">What bubblewrap said.</param>
    /// <param name="read">A file's text without the line's end; null: it is not there.</param>
    public static string? For(string stderr, Func<string, string?> read)
    {
        if (!stderr.Contains("bwrap:", StringComparison.Ordinal) || !s_refusals.Any(word => stderr.Contains(word, StringComparison.Ordinal)))
        {
            return null;
        }

        return stderr.Contains("proc", StringComparison.Ordinal) && stderr.Contains("mount", StringComparison.OrdinalIgnoreCase) ? "in a container, start it with `--security-opt systempaths=unconfined`"
            : read(AppArmor) == "1" ? "AppArmor keeps bwrap from making user namespaces: give /usr/bin/bwrap a profile with `userns,` (apparmor.d(5)), or `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
            : read(Debian) == "0" ? "allow user namespaces: `sysctl -w kernel.unprivileged_userns_clone=1`"
            : read(Most) == "0" ? "allow user namespaces: `sysctl -w user.max_user_namespaces=15000`"
            : "user namespaces are not allowed here; in a container, start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`";
    }

    /// <summary>A file of the machine.</summary>
    public static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
