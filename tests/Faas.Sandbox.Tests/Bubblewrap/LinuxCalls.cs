using System.Runtime.InteropServices;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary>System calls that .NET has no method for.</summary>
internal static partial class LinuxCalls
{
    private const int SetDescriptorFlags = 2;

    /// <summary>Lets children inherit a descriptor, as some native libraries do that open descriptors without FD_CLOEXEC.</summary>
    public static void MakeInheritable(SafeHandle descriptor) =>
        Assert.Equal(0, Control((int)descriptor.DangerousGetHandle(), SetDescriptorFlags, 0));

    /// <summary>umask(2). Returns the mask before.</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial int SetUmask(int mode);

    /// <summary>gettid(2).</summary>
    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
