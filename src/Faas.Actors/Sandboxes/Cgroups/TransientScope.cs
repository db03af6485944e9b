using System.Globalization;

namespace Faas.Actors.Sandboxes.Cgroups;

/// <summary>
/// The call on systemd's bus that makes a transient scope around a process that runs already, as arguments of busctl(1). It gives the
/// limits of <see cref="SystemdRunCommand"/>, which can only start a process in a scope. A pure function.
/// Source: org.freedesktop.systemd1(5), StartTransientUnit.
/// </summary>
internal static class TransientScope
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MicrosecondsUntilKill = 30 * MicrosecondsPerSecond;
    private const int SigCont = 18;

    /// <summary>The arguments.</summary>
    /// <param name="unit">The scope's name.</param>
    /// <param name="limits">What the scope may use.</param>
    /// <param name="pid">The process.</param>
    public static IReadOnlyList<string> Call(string unit, SandboxLimits limits, int pid)
    {
        (string Name, string Type, string[] Value)[] properties =
        [
            ("PIDs", "au", ["1", Text(pid)]),
            ("MemoryMax", "t", [Text(limits.MemoryBytes)]),
            ("MemorySwapMax", "t", ["0"]),
            ("CPUQuotaPerSecUSec", "t", [Text(limits.CpuQuotaMicroseconds * MicrosecondsPerSecond / SandboxLimits.CpuPeriodMicroseconds)]),
            ("CPUQuotaPeriodUSec", "t", [Text(SandboxLimits.CpuPeriodMicroseconds)]),
            ("TasksMax", "t", [Text(limits.Pids)]),

            // As SystemdRunCommand: systemd must not end the sandbox before the server has read its counters.
            ("KillSignal", "i", [Text(SigCont)]),
            ("TimeoutStopUSec", "t", [Text(MicrosecondsUntilKill)]),
        ];
        return
        [
            "--quiet", "call",
            "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "StartTransientUnit",
            "ssa(sv)a(sa(sv))",
            unit, "fail",
            Text(properties.Length),
            .. properties.SelectMany(property => (string[])[property.Name, property.Type, .. property.Value]),
            "0", // no further units
        ];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
