using System.Globalization;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The front of a launch line: a constant shell script with its arguments, and, as root, the change to a user that owns nothing on the
/// host. <see cref="BubblewrapCommand"/> explains why there is a shell.
/// </summary>
internal static class LaunchScript
{
    /// <summary>The descriptor from which bubblewrap reads the seccomp filter.</summary>
    public const int SeccompDescriptor = 9;

    /// <summary>The descriptor from which bubblewrap reads that the users of its child are mapped.</summary>
    public const int MappedDescriptor = 8;

    /// <summary>The descriptor to which bubblewrap writes the pid of its child.</summary>
    public const int InfoDescriptor = 7;

    /// <summary>Becomes the command.</summary>
    public const string Exec = "exec 9<\"$2\" || exit 125; shift 2; exec \"$@\"";

    /// <summary>Becomes the command, with stdin and stdout under two further numbers for bubblewrap.</summary>
    public const string ExecMapped = "exec 9<\"$2\" 8<&0 7>&1 || exit 125; shift 2; exec \"$@\"";

    // The arguments are the cgroup.procs files, --, the filter, and the command.
    private const string Join = "while [ \"$1\" != -- ]; do echo $$ > \"$1\" || exit 125; shift; done; read -r go || exit 125; ";

    /// <summary>The front, up to and with the program bwrap.</summary>
    /// <param name="plan">The launch.</param>
    /// <param name="become">How the shell becomes the command.</param>
    public static IEnumerable<string> Enter(LaunchPlan plan, string become) =>
    [
        "/bin/sh", "-c", Join + become, "faas",
        .. plan.ProcsFiles,
        "--",
        plan.Filter,
        .. AsNobodyOfTheHost(plan),
        plan.Bubblewrap,
    ];

    // The host's root must not be inside, even under another name in the user namespace: it may write /proc/sys.
    private static IEnumerable<string> AsNobodyOfTheHost(LaunchPlan plan) => plan.Uid is { } uid
        ?
        [
            "setpriv",
            "--reuid", uid.ToString(CultureInfo.InvariantCulture),
            "--regid", uid.ToString(CultureInfo.InvariantCulture),
            "--clear-groups",
            "--no-new-privs",
            "--inh-caps=-all",
            "--bounding-set=-all",
            "--",
        ]
        : [];
}
