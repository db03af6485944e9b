using System.Globalization;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The command that puts a program into a transient scope of systemd and then becomes that program (systemd-run(1)). A pure
/// function; a comment beside each option gives the reason for it.
/// </summary>
internal static class SystemdRunCommand
{
    // How long systemd waits between its request to end and its kill.
    private const int SecondsUntilKill = 30;

    /// <summary>Everything in front of the command that shall run in the scope.</summary>
    /// <param name="unit">The scope's name.</param>
    /// <param name="limits">What the scope may use.</param>
    /// <param name="isRoot">True: the system's manager makes the scope; false: the manager of the server's user.</param>
    /// <param name="environment">
    /// The whole environment of the command. systemd-run needs other variables and adds some, which <c>env -i</c> removes.
    /// </param>
    public static IReadOnlyList<string> Build(
        string unit, SandboxLimits limits, bool isRoot, IReadOnlyDictionary<string, string> environment) =>
    [
        "systemd-run",
        "--scope", // the process itself enters the scope, so it stays a child of the server
        .. isRoot ? (string[])[] : ["--user"],
        "--quiet", // stderr belongs to the runtime
        "--unit", unit,
        .. Property("MemoryMax", Text(limits.MemoryBytes)),
        .. Property("MemorySwapMax", "0"),
        .. Property("CPUQuota", $"{Hundredths(limits.CpuQuotaMicroseconds)}%"),
        .. Property("CPUQuotaPeriodSec", $"{Text(SandboxLimits.CpuPeriodMicroseconds)}us"),
        .. Property("TasksMax", Text(limits.Pids)),

        // systemd ends a scope after an out-of-memory kill, and when the machine stops. SIGCONT has no effect on a process that
        // runs, so the server has the time to read the scope's counters and to end the sandbox itself.
        .. Property("KillSignal", "SIGCONT"),
        .. Property("TimeoutStopSec", Text(SecondsUntilKill)),
        "--",
        "env", "-i",
        .. environment.Select(variable => $"{variable.Key}={variable.Value}"),
    ];

    private static IEnumerable<string> Property(string name, string value) => ["-p", $"{name}={value}"];

    // systemd reads a percentage with two decimals.
    private static string Hundredths(long microseconds) =>
        (microseconds * 100m / SandboxLimits.CpuPeriodMicroseconds).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
