namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>
/// Tells how to mend a machine on which bubblewrap cannot make a sandbox's namespaces. Source: bubblewrap's messages,
/// user_namespaces(7), the documentation of Ubuntu and of Docker.
/// </summary>
public static class NamespaceRemedy
{
    private const string AppArmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    private const string Debian = "/proc/sys/kernel/unprivileged_userns_clone";
    private const string Most = "/proc/sys/user/max_user_namespaces";

    private static readonly string[] s_refusals =
        ["namespace", "uid map", "gid map", "setting up loopback", "Operation not permitted", "Permission denied"];

    /// <summary>What to do, in one line; null: no remedy is known for this message.</summary>
    /// <param name="stderr">The stderr of bubblewrap.</param>
    /// <param name="read">Reads a file, without the line break at its end; null: there is no such file.</param>
    public static string? For(string stderr, Func<string, string?> read)
    {
        if (!stderr.Contains("bwrap:", StringComparison.Ordinal)
            || !s_refusals.Any(word => stderr.Contains(word, StringComparison.Ordinal)))
        {
            return null;
        }

        var isProcMount = stderr.Contains("proc", StringComparison.Ordinal) && stderr.Contains("mount", StringComparison.OrdinalIgnoreCase);
        return isProcMount ? "in a container, start it with `--security-opt systempaths=unconfined`"
            : read(AppArmor) == "1" ? "AppArmor keeps bwrap from making user namespaces: give /usr/bin/bwrap a profile with `userns,` "
                + "(apparmor.d(5)), or `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
            : read(Debian) == "0" ? "allow user namespaces: `sysctl -w kernel.unprivileged_userns_clone=1`"
            : read(Most) == "0" ? "allow user namespaces: `sysctl -w user.max_user_namespaces=15000`"
            : "user namespaces are not allowed here; in a container, start it with `--security-opt seccomp=unconfined "
                + "--security-opt apparmor=unconfined --security-opt systempaths=unconfined`";
    }

    /// <summary>Reads a file of this machine; null: there is no such file, or this user may not read it.</summary>
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
