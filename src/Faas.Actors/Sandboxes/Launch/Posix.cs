using System.Runtime.InteropServices;

namespace Faas.Actors.Sandboxes.Launch;

/// <summary>The few system calls that .NET has no name for.</summary>
internal static partial class Posix
{
    private const int SigKill = 9;
    private const uint CloseRangeCloexec = 4;

    /// <summary>rmdir(2); false: it is not empty, or not there.</summary>
    public static bool RemoveFolder(string path) => RemoveDirectory(path) == 0;

    /// <summary>kill(2) with SIGKILL; a process that is gone already is as good.</summary>
    public static void Kill(int pid) => _ = SendSignal(pid, SigKill);

    /// <summary>link(2); false: another file system, or not allowed.</summary>
    public static bool TryLink(string existing, string link) => HardLink(existing, link) == 0;

    /// <summary>Marks every descriptor above 2 close-on-exec, so that no child inherits one. close_range(2), Linux 5.11; without it .NET's own are marked anyway.</summary>
    public static void KeepDescriptorsFromChildren() => _ = CloseRange(3, uint.MaxValue, CloseRangeCloexec);

    [LibraryImport("libc", EntryPoint = "rmdir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveDirectory(string path);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string link);

    [LibraryImport("libc", EntryPoint = "close_range")]
    private static partial int CloseRange(uint first, uint last, uint flags);
}
