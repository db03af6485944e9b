using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Faas.Actors.Linux;

/// <summary>
/// A range of host user ids that no other server of this machine uses. Two servers with one id would share the kernel's limit on the
/// processes of a user (RLIMIT_NPROC, getrlimit(2)), so that a fork bomb in one would keep the other from starting anything.
///
/// Theory of operation: each id is a byte of one lock file, and a server holds a lock on its bytes (open file description locks,
/// fcntl(2)). The kernel finds ranges that overlap, and frees a range when its server ends, however it ends. Servers in containers that
/// do not share /run do not see each other's locks.
/// </summary>
public sealed partial class UidRange : IDisposable
{
    /// <summary>The first id of the first range that a server tries when none is named.</summary>
    public const long FirstFree = 4_200_000;

    private const string LockFile = "/run/faas-uids.lock";
    private const long Last = int.MaxValue; // bubblewrap reads an id as a signed 32-bit number
    private const int SetLock = 37; // F_OFD_SETLK
    private const short WriteLock = 1; // F_WRLCK
    private const int Eagain = 11;
    private const int Eacces = 13;

    private readonly SafeFileHandle _file;

    private UidRange(SafeFileHandle file, long first, int count) => (_file, First, Count) = (file, first, count);

    /// <summary>The first id.</summary>
    public long First { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Claims the range that begins with an id; null: another server has one of its ids.</summary>
    public static UidRange? TryClaim(long first, int count) => TryClaim(LockFile, first, count);

    /// <summary>Claims the lowest range that no server has; null: there is none.</summary>
    public static UidRange? ClaimFree(int count) => ClaimFree(LockFile, count);

    /// <summary>The same with another lock file.</summary>
    public static UidRange? TryClaim(string lockFile, long first, int count)
    {
        var file = File.OpenHandle(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        var range = new FileLock { Type = WriteLock, Start = first, Length = count };
        if (Lock(file, SetLock, ref range) == 0)
        {
            return new UidRange(file, first, count);
        }

        var error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return error is Eagain or Eacces
            ? null
            : throw new IOException($"{lockFile} cannot be locked: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>The same with another lock file.</summary>
    public static UidRange? ClaimFree(string lockFile, int count)
    {
        for (var first = FirstFree; first + count <= Last; first += count)
        {
            if (TryClaim(lockFile, first, count) is { } range)
            {
                return range;
            }
        }

        return null;
    }

    /// <summary>Frees the range. No process may run under its ids any more.</summary>
    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int command, ref FileLock range);

    // struct flock of the 64-bit ABI.
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }
}
