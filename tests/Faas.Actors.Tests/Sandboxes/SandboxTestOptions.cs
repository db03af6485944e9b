using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Tests.Sandboxes;

/// <summary>The defaults of hocon/faas.conf.</summary>
public static class SandboxTestOptions
{
    public static SandboxOptions Default { get; } = new(
        Timeout: TimeSpan.FromSeconds(30),
        MemoryBytes: 128 << 20,
        Cpus: 1,
        Pids: 64,
        TmpBytes: 32 << 20,
        OutputLimit: 10 << 20,
        ResultLimit: 6 << 20,
        StartTimeout: TimeSpan.FromSeconds(10),
        Limits: LimitsDriver.Auto,
        Launch: LaunchMode.Auto,
        Mothers: new MotherOptions(300, TimeSpan.FromMinutes(10)),
        FirstUid: 4_200_000,
        Bubblewrap: "bwrap",
        Python: "/usr/bin/python3",
        Node: "",
        Esbuild: "",
        RuntimesDir: "");
}
