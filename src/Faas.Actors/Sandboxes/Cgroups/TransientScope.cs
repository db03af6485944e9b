using System.Globalization;
using Faas.Actors.Sandboxes.Launcher;

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
        Property[] properties =
        [
            new("PIDs", "au", "1", Text(pid)),
            .. Limits(limits),

            // As SystemdRunCommand: systemd must not end the sandbox before the server has read its counters.
            new("KillSignal", "i", Text(SigCont)),
            new("TimeoutStopUSec", "t", Text(MicrosecondsUntilKill)),
        ];
        return
        [
            .. Manager("StartTransientUnit", "ssa(sv)a(sa(sv))"),
            unit, "fail",
            .. Arguments(properties),
            "0", // no further units
        ];
    }

    /// <summary>The arguments of the call that sets a scope's limits anew, for as long as the scope lives (SetUnitProperties).</summary>
    /// <param name="unit">The scope's name.</param>
    /// <param name="limits">What the scope may use from now on.</param>
    public static IReadOnlyList<string> Change(string unit, SandboxLimits limits) =>
        [.. Manager("SetUnitProperties", "sba(sv)"), unit, "true", .. Arguments(Limits(limits))];

    private static string[] Manager(string method, string signature) =>
    [
        "--quiet", "call",
        "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", method,
        signature,
    ];

    private static Property[] Limits(SandboxLimits limits) =>
    [
        new("MemoryMax", "t", Text(limits.MemoryBytes)),
        new("MemorySwapMax", "t", "0"),
        new("CPUQuotaPerSecUSec", "t", Text(limits.CpuQuotaMicroseconds * MicrosecondsPerSecond / SandboxLimits.CpuPeriodMicroseconds)),
        new("CPUQuotaPeriodUSec", "t", Text(SandboxLimits.CpuPeriodMicroseconds)),
        new("TasksMax", "t", Text(limits.Pids)),
    ];

    private static IEnumerable<string> Arguments(Property[] properties) =>
    [
        Text(properties.Length),
        .. properties.SelectMany(property => (string[])[property.Name, property.Type, .. property.Value]),
    ];

    private sealed record Property(string Name, string Type, params string[] Value);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
