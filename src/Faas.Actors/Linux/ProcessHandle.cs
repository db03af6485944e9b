using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Faas.Actors.Linux;

/// <summary>
/// A process that is not a child of this one, by a descriptor (pidfd_open(2)): unlike a pid, the descriptor never means another process.
/// </summary>
internal sealed partial class ProcessHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    // The numbers of these system calls are the same on every architecture. glibc has no function for them before 2.36.
    private const long SendSignal = 424;
    private const long OpenProcess = 434;

    private ProcessHandle(nint descriptor, int pid)
        : base(ownsHandle: true)
    {
        SetHandle(descriptor);
        Pid = pid;
    }

    /// <summary>The pid that the process has, or had: once it has ended, another process may have it.</summary>
    public int Pid { get; }

    /// <summary>Opens a process. Throws <see cref="Win32Exception"/> when it is gone.</summary>
    public static ProcessHandle Open(int pid)
    {
        var descriptor = SystemCall(OpenProcess, pid, 0, 0, 0);
        return descriptor >= 0 ? new ProcessHandle((nint)descriptor, pid) : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Sends a signal. It does nothing when the process is gone, or this handle is closed.</summary>
    public void Signal(int signal)
    {
        var held = false;
        try
        {
            DangerousAddRef(ref held);
            _ = SystemCall(SendSignal, handle, signal, 0, 0);
        }
        catch (ObjectDisposedException)
        {
            // The process has been seen dead.
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Posix.Close((int)handle);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second, long third, long fourth);
}
