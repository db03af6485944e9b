using System.Globalization;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The line that puts a program into a transient scope of systemd and becomes it (systemd-run(1)). Pure; each property
/// stands with its reason.
/// </summary>
internal static class SystemdRunCommand
{
    /// <summary>How long systemd waits before it kills what it has asked to end.</summary>
    private const int SecondsUntilKill = 30;

    /// <summary>The program and its arguments, up to where the command that is to run follows.</summary>
    /// <param name="unit">The scope's name.</param>
    /// <param name="limits">What it may use.</param>
    /// <param name="isRoot">Whether the system's manager is asked; the user's otherwise.</param>
    /// <param name="environment">The whole environment of what follows: systemd-run needs more, and adds some.</param>
    public static IReadOnlyList<string> Build(string unit, SandboxLimits limits, bool isRoot, IReadOnlyDictionary<string, string> environment) =>
    [
        "systemd-run",
        "--scope", // the process itself goes there, so that it stays the server's child
        .. isRoot ? (string[])[] : ["--user"],
        "--quiet", // stderr is the runtime's
        "--unit", unit,
        .. Property("MemoryMax", Text(limits.MemoryBytes)),
        .. Property("MemorySwapMax", "0"),
        .. Property("CPUQuota", $"{Hundredths(limits.CpuQuotaMicroseconds)}%"),
        .. Property("CPUQuotaPeriodSec", $"{Text(SandboxLimits.CpuPeriodMicroseconds)}us"),
        .. Property("TasksMax", Text(limits.Pids)),

        // After an out-of-memory kill systemd ends a scope, as it does when the machine stops. The server ends its
        // sandboxes itself, and reads the scope's counters before: SIGCONT asks for nothing.
        .. Property("KillSignal", "SIGCONT"),
        .. Property("TimeoutStopSec", Text(SecondsUntilKill)),
        "--",
        "env", "-i",
        .. environment.Select(variable => $"{variable.Key}={variable.Value}"),
    ];

    private static IEnumerable<string> Property(string name, string value) => ["-p", $"{name}={value}"];

    // A share of 100 ms in percent; systemd reads two decimals.
    private static string Hundredths(long microseconds) =>
        (microseconds * 100m / SandboxLimits.CpuPeriodMicroseconds).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
