using System.Runtime.InteropServices;

namespace Faas.Bench.Processes;

/// <summary>System calls that .NET has no name for.</summary>
internal static partial class Linux
{
    private const int SigTerm = 15;

    /// <summary>Asks a process to end; one that is gone already is as good.</summary>
    public static void Terminate(int pid) => _ = Kill(pid, SigTerm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
