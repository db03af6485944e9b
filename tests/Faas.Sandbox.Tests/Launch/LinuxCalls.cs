using System.Runtime.InteropServices;

namespace Faas.Sandbox.Tests.Launch;

/// <summary>System calls that .NET has no name for.</summary>
internal static partial class LinuxCalls
{
    private const int SetDescriptorFlags = 2;

    /// <summary>Lets children inherit a descriptor, as native libraries that know nothing of FD_CLOEXEC do.</summary>
    public static void MakeInheritable(SafeHandle descriptor) => Assert.Equal(0, Control((int)descriptor.DangerousGetHandle(), SetDescriptorFlags, 0));

    /// <summary>umask(2); returns the one before.</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial int SetUmask(int mode);

    /// <summary>gettid(2).</summary>
    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
