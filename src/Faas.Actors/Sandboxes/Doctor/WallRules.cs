using System.Globalization;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>
/// Judges what the doctor's scripts found. Pure functions. The page docs/security.md tells which part of the code makes which wall.
/// </summary>
public static class WallRules
{
    private const string Report = "this is a defect of the server or of the kernel: report it with the output of `make doctor`";
    private const string Unlimited = "off: faas.sandbox.limits = unlimited";

    // The kernel counts the quota over periods of 100 ms, so a short measurement can show more than the quota allows.
    private const double CpuTolerance = 1.5;

    /// <summary>The walls that a script can try from inside.</summary>
    public static IReadOnlyList<WallCheck> Judge(WallFacts facts, SandboxOptions options) =>
    [
        Check("python forks", facts.Pid != 1, $"process {facts.Pid} of the sandbox", "the script runs in process 1", Report),
        Check(
            "capabilities",
            facts.NoNewPrivileges && facts.Capabilities.All(set => set.All(digit => digit == '0')),
            "none, no new privileges",
            $"scripts have {string.Join(' ', facts.Capabilities)}",
            Report),
        Check("seccomp filter", facts.Seccomp == 2, "active", $"mode {facts.Seccomp}", "use a kernel with CONFIG_SECCOMP_FILTER"),
        Check(
            "new namespaces",
            !facts.NewNamespace,
            "refused",
            "a script made a user namespace",
            "use bubblewrap 0.8 or later and libseccomp2"),
        Check(
            "network",
            facts is { Reaches: not null, Interfaces: ["lo"] },
            $"{string.Join(' ', facts.Interfaces)} only, outside is {facts.Reaches}",
            $"a script sees {string.Join(' ', facts.Interfaces)} and reaches outside",
            Report),
        Check(
            "files",
            facts.Writable.Count == 0,
            "read-only but /tmp and /dev/shm",
            $"a script can write {string.Join(' ', facts.Writable)}",
            Report),
        Environment(facts.Environment),
        Processes(facts.Threads, options),
        Processors(facts.Processors, options),
        Check(
            "size of /tmp",
            facts.TmpBytes <= options.TmpBytes + 4096,
            $"{facts.TmpBytes} bytes",
            $"{facts.TmpBytes} bytes, faas.sandbox.tmp-size is {options.TmpBytes}",
            "use bubblewrap 0.7 or later"),
    ];

    /// <summary>Whether the host user that scripts run as is not root.</summary>
    public static WallCheck HostUser(long? uid) => Check(
        "host user",
        uid is not null and not 0,
        $"uid {uid} outside",
        uid is null ? "the kernel does not say who scripts are outside" : "scripts are root outside",
        Report);

    /// <summary>The memory limit.</summary>
    /// <param name="reason">How a script ended that asked for more than the limit.</param>
    /// <param name="options">The settings.</param>
    public static WallCheck Memory(Reason reason, SandboxOptions options) => reason == Reason.Oom
        ? WallCheck.Stands("memory limit", $"{options.MemoryBytes} bytes, then oom")
        : Limit("memory limit", $"a script that took more than {options.MemoryBytes} bytes ended with {reason.ToWire()}", options);

    private static WallCheck Environment(IReadOnlyList<string> names)
    {
        // Bubblewrap sets PWD, and Python sets LC_CTYPE (PEP 538).
        var strange = names.Except([.. SandboxEnvironment.Variables.Keys, "PWD", "LC_CTYPE"]).ToList();
        return Check("environment", strange.Count == 0, string.Join(' ', names), $"a script sees {string.Join(' ', strange)}", Report);
    }

    private static WallCheck Processes(int? threads, SandboxOptions options) => threads switch
    {
        null => WallCheck.Stands("process limit", $"not tried: {options.Pids} are too many to start"),
        { } started when started < options.Pids => WallCheck.Stands("process limit", $"{options.Pids}; the script could start {started}"),
        _ => Limit("process limit", $"a script started {threads} threads, faas.sandbox.pids is {options.Pids}", options),
    };

    private static WallCheck Processors(double? used, SandboxOptions options) => used switch
    {
        null => WallCheck.Stands("cpu limit", "not tried: the machine has too few processors to exceed it"),
        { } rate when rate <= options.Cpus * CpuTolerance => WallCheck.Stands(
            "cpu limit",
            string.Create(CultureInfo.InvariantCulture, $"{options.Cpus:0.##}; the script got {rate:0.00}")),
        _ => Limit(
            "cpu limit",
            string.Create(CultureInfo.InvariantCulture, $"a script got {used:0.00} processors, faas.sandbox.cpus is {options.Cpus:0.##}"),
            options),
    };

    private static WallCheck Limit(string wall, string fault, SandboxOptions options) => options.AllowUnlimited
        ? WallCheck.Stands(wall, Unlimited)
        : WallCheck.Missing(wall, fault, "see faas.sandbox.limits in hocon/faas.conf");

    private static WallCheck Check(string wall, bool stands, string note, string fault, string remedy) =>
        stands ? WallCheck.Stands(wall, note) : WallCheck.Missing(wall, fault, remedy);
}
