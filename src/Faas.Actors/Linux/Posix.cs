using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Faas.Actors.Linux;

/// <summary>The few system calls that .NET has no method for.</summary>
internal static partial class Posix
{
    /// <summary>SIGKILL of signal(7).</summary>
    public const int SigKill = 9;

    /// <summary>SIGTERM of signal(7).</summary>
    public const int SigTerm = 15;

    private const int OpenPathOnly = 0x200000; // O_PATH
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int Enoent = 2;
    private const int Esrch = 3;
    private const int Eintr = 4;
    private const int Ebusy = 16;
    private const int Eexist = 17;
    private const int Enotempty = 39;
    private const uint OwnerOnly = 0x1c0; // 0700
    private const uint CloseRangeCloexec = 4;
    private const int WriteOk = 2;
    private const short PollIn = 1;
    private const int LongestAttribute = 16;

    /// <summary>
    /// rmdir(2). True: the folder is gone, or never existed; false: it is not empty, and a later call may succeed. Throws
    /// <see cref="UnauthorizedAccessException"/> for every other error. (Directory.Delete does not serve for cgroups: it first deletes the
    /// files in a folder, and the kernel refuses to delete its own.)
    /// </summary>
    public static bool TryRemoveFolder(string path) => RemoveDirectory(path) == 0 || Marshal.GetLastPInvokeError() switch
    {
        Enoent => true,
        Ebusy or Enotempty or Eintr => false,
        var error => throw new UnauthorizedAccessException($"{path} cannot be removed: {Marshal.GetPInvokeErrorMessage(error)}"),
    };

    /// <summary>mkdir(2), for the owner alone. False: the name is taken. Throws <see cref="IOException"/> for every other error.</summary>
    public static bool TryMakeFolder(string path) => MakeDirectory(path, OwnerOnly) == 0 || (Marshal.GetLastPInvokeError() == Eexist
        ? false
        : throw new IOException($"{path} cannot be made: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}"));

    /// <summary>
    /// kill(2), to one process. False: the process is gone or belongs to another user. Throws
    /// <see cref="ArgumentOutOfRangeException"/> for a pid of 0 or less, which kill(2) takes for a group of processes.
    /// </summary>
    public static bool Signal(int pid, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pid);
        return SendSignal(pid, signal) == 0;
    }

    /// <summary>
    /// open(2) with O_PATH: a descriptor that only names a folder. Returns -1 and sets errno when there is no such folder.
    /// </summary>
    public static int OpenFolder(string path) => Open(path, OpenPathOnly | CloseOnExec);

    /// <summary>fsync(2) of a folder: a file that was renamed in it has its new name after a crash, too.</summary>
    public static void SyncFolder(string path)
    {
        var folder = Open(path, CloseOnExec);
        if (folder >= 0)
        {
            _ = Sync(folder);
            Close(folder);
        }
    }

    /// <summary>close(2).</summary>
    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    /// <summary>
    /// prlimit(2): sets the limit of another process, or keeps the process's own hard limit where that is lower. False: the process is
    /// gone. Throws <see cref="Win32Exception"/> for every other error.
    /// </summary>
    public static bool TryLimit(int pid, ResourceLimit limit)
    {
        var isDone = GetLimit(pid, limit.Resource, 0, out var old) == 0;
        if (isDone)
        {
            var most = Math.Min((ulong)limit.Most, old.Hard);
            isDone = SetLimit(pid, limit.Resource, new Limit { Soft = most, Hard = most }, 0) == 0;
        }

        return isDone || (Marshal.GetLastPInvokeError() == Esrch ? false : throw new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    /// <summary>prlimit(2): the soft limit of this process; null: the kernel does not tell.</summary>
    public static ulong? OwnLimit(Resource resource) => GetLimit(0, resource, 0, out var own) == 0 ? own.Soft : null;

    /// <summary>prlimit(2): the hard limit of this process; null: the kernel does not tell.</summary>
    public static ulong? OwnHardLimit(Resource resource) => GetLimit(0, resource, 0, out var own) == 0 ? own.Hard : null;

    /// <summary>realpath(3): the path with every symbolic link resolved; null: there is no such file.</summary>
    public static string? Resolve(string path) => RealPath(path, 0);

    /// <summary>link(2). False: the file systems differ, or the link is not allowed.</summary>
    public static bool TryLink(string existing, string link) => HardLink(existing, link) == 0;

    /// <summary>geteuid(2): the user of this process.</summary>
    public static long OwnUser => EffectiveUser();

    /// <summary>chown(2): gives a file to a user and to the group of the same number. Throws <see cref="IOException"/>.</summary>
    public static void GiveTo(string path, long user)
    {
        if (user != OwnUser && ChangeOwner(path, (uint)user, (uint)user) != 0)
        {
            throw new IOException(
                $"{path} cannot be given to user {user}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    /// <summary>access(2): whether this process may write a file or directory.</summary>
    public static bool MayWrite(string path) => Access(path, WriteOk) == 0;

    /// <summary>
    /// poll(2) without waiting: whether a pipe has bytes to read. Throws <see cref="IOException"/>, or
    /// <see cref="ObjectDisposedException"/> once the pipe is closed.
    /// </summary>
    public static bool HasBytes(SafeHandle pipe)
    {
        var held = false;
        pipe.DangerousAddRef(ref held);
        try
        {
            var one = new Polled { Descriptor = (int)pipe.DangerousGetHandle(), Wanted = PollIn };
            return Poll(ref one, 1, 0) >= 0 || Marshal.GetLastPInvokeError() == Eintr
                ? (one.Seen & PollIn) != 0
                : throw new IOException($"poll: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
        finally
        {
            pipe.DangerousRelease();
        }
    }

    /// <summary>getxattr(2): whether a file has an extended attribute with that value.</summary>
    public static bool HasAttribute(string path, string name, ReadOnlySpan<byte> value)
    {
        Span<byte> found = stackalloc byte[LongestAttribute];
        var length = GetAttribute(path, name, found, LongestAttribute);
        return length >= 0 && found[..(int)length].SequenceEqual(value);
    }

    /// <summary>
    /// close_range(2): marks every descriptor above 2 as close-on-exec, so that no child inherits one. Before Linux 5.11 it has no effect;
    /// the descriptors that .NET opens are marked anyway.
    /// </summary>
    public static void KeepDescriptorsFromChildren() => _ = CloseRange(3, uint.MaxValue, CloseRangeCloexec);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveDirectory(string path);

    // The C library allocates the returned text, and the marshaller frees it.
    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial string? RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int GetLimit(int pid, Resource resource, nint none, out Limit old);

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int SetLimit(int pid, Resource resource, in Limit limit, nint old);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string link);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, Span<byte> value, nint size);

    [LibraryImport("libc", EntryPoint = "close_range")]
    private static partial int CloseRange(uint first, uint last, uint flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Polled one, ulong count, int timeout);

    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
