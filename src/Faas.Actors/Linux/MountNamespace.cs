using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Faas.Actors.Linux;

/// <summary>
/// Shows a folder of the host in another mount namespace.
///
/// Theory of operation: the server makes a mount of the folder that is nowhere yet, read-only and apart from every other mount. Then a
/// thread enters the other namespace, puts the mount in its place, and comes back (as a service manager mounts into a running unit). So no
/// process in there has to do anything, and none has the right to undo it. The kernel moves a thread only if its root and working folder
/// are its own (CLONE_FS). They stay that thread's own, and those that it starts share them; so it makes them its own anew each time, and
/// restores them when it is back. In the other namespace, `/` is the sandbox's: nothing that the runtime of .NET might open, load or start
/// may happen there. So the calls there are direct, without a place where the runtime takes over, and without a wrapper that it counts,
/// compiles anew or starts a thread for. A thread that cannot come back must run nothing else, so the server ends.
/// Source: open_tree(2), mount_setattr(2), move_mount(2), setns(2), mount_namespaces(7).
/// </summary>
internal static unsafe partial class MountNamespace
{
    private const int NewMounts = 0x20000; // CLONE_NEWNS
    private const int OwnFolders = 0x200; // CLONE_FS
    private const ulong Needed = (1UL << 21) | (1UL << 19) | (1UL << 18); // CAP_SYS_ADMIN, CAP_SYS_PTRACE, CAP_SYS_CHROOT
    private const int NoSuchCall = 38; // ENOSYS
    private const int NotPermitted = 1; // EPERM: by a filter around the server
    private const int WorkingFolder = -100; // AT_FDCWD
    private const int CloseOnExec = 0x80000; // O_CLOEXEC, OPEN_TREE_CLOEXEC
    private const int OfFolder = 0x200000 | 0x10000; // O_PATH | O_DIRECTORY
    private const uint Copy = 1; // OPEN_TREE_CLONE
    private const uint Itself = 0x1000; // AT_EMPTY_PATH
    private const uint ItselfToo = 4; // MOVE_MOUNT_F_EMPTY_PATH
    private const ulong ReadOnly = 1 | 2 | 4; // MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV
    private const ulong Private = 1 << 18; // MS_PRIVATE

    // The numbers of these system calls are the same on every architecture.
    private const nint OpenTree = 428;
    private const nint MoveMount = 429;
    private const nint SetAttributes = 442;

    private static readonly delegate* unmanaged[SuppressGCTransition]<int, int, int> s_setNamespace;
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, nint, byte*, nint, byte*, nint, nint> s_systemCall;
    private static readonly delegate* unmanaged[SuppressGCTransition]<int, int> s_enterFolder;
    private static readonly delegate* unmanaged[SuppressGCTransition]<byte*, int> s_changeRoot;
    private static readonly delegate* unmanaged[SuppressGCTransition]<int*> s_errorNumber;

    private static readonly int s_home;
    private static readonly int s_root;
    private static readonly int s_folder;
    private static bool s_isCompiled;

    static MountNamespace()
    {
        var library = NativeLibrary.GetMainProgramHandle();
        s_setNamespace = (delegate* unmanaged[SuppressGCTransition]<int, int, int>)NativeLibrary.GetExport(library, "setns");
        s_systemCall = (delegate* unmanaged[SuppressGCTransition]<nint, nint, byte*, nint, byte*, nint, nint>)
            NativeLibrary.GetExport(library, "syscall");
        s_enterFolder = (delegate* unmanaged[SuppressGCTransition]<int, int>)NativeLibrary.GetExport(library, "fchdir");
        s_changeRoot = (delegate* unmanaged[SuppressGCTransition]<byte*, int>)NativeLibrary.GetExport(library, "chroot");
        s_errorNumber = (delegate* unmanaged[SuppressGCTransition]<int*>)NativeLibrary.GetExport(library, "__errno_location");
        s_home = Open("/proc/self/ns/mnt", CloseOnExec);
        s_root = Open("/", OfFolder | CloseOnExec);
        s_folder = Open(".", OfFolder | CloseOnExec);
        MayEnter = s_home >= 0 && s_root >= 0 && s_folder >= 0 && NetworkNamespace.MayEnter
            && (ProcStatus.EffectiveCapabilities & Needed) == Needed && HasCalls();
    }

    /// <summary>
    /// Whether <see cref="Attach"/> works here: whether this process has the capabilities, and the kernel the calls (5.12).
    /// </summary>
    public static bool MayEnter { get; }

    /// <summary>
    /// Mounts a folder, without what is mounted below it: read-only, and without effect of setuid bits and device files. Throws
    /// <see cref="IOException"/>, which says why it is not there. It must be called on a thread that does nothing else at the same time.
    /// </summary>
    /// <param name="process">A process in the other namespace.</param>
    /// <param name="folder">The folder on the host, an absolute path.</param>
    /// <param name="inside">The folder in the other namespace that it covers, an absolute path.</param>
    public static void Attach(ProcessHandle process, string folder, string inside)
    {
        if (!MayEnter)
        {
            throw new IOException("to mount in a sandbox, the server must run as root, on Linux 5.12 or later");
        }

        var held = false;
        process.DangerousAddRef(ref held);
        var mount = -1;
        try
        {
            RefuseOwn(process);
            mount = MountOf(folder);
            Check(Unshare(OwnFolders), "the server's thread cannot have a root folder of its own");
            fixed (byte* target = Text(inside), nothing = Text(""), here = Text("."))
            {
                if (!s_isCompiled)
                {
                    _ = AttachThere(s_home, -1, target, nothing, here); // to nowhere, in the server's own namespace
                    s_isCompiled = true;
                }

                var error = AttachThere((int)process.DangerousGetHandle(), mount, target, nothing, here);
                if (error != 0)
                {
                    throw new IOException($"{folder} cannot be mounted at {inside}: {Marshal.GetPInvokeErrorMessage(error)}");
                }
            }
        }
        finally
        {
            if (mount >= 0)
            {
                Posix.Close(mount); // a mount that has no place then vanishes
            }

            process.DangerousRelease();
        }
    }

    // As long as the process lives, its pid means no other; and a process that has ended has no namespace that could be entered.
    private static void RefuseOwn(ProcessHandle process)
    {
        if (new FileInfo($"/proc/{process.Pid}/ns/mnt").LinkTarget is not { } link)
        {
            throw new IOException("the process has ended");
        }

        if (link == new FileInfo("/proc/self/ns/mnt").LinkTarget)
        {
            throw new IOException("the process is in the server's own mount namespace");
        }
    }

    private static int MountOf(string folder)
    {
        fixed (byte* path = Text(folder), nothing = Text(""))
        {
            var mount = (int)SystemCall(OpenTree, WorkingFolder, path, (nint)(Copy | CloseOnExec), null, 0);
            Check(mount, $"{folder} cannot be mounted");
            var attributes = stackalloc ulong[] { ReadOnly, 0, Private, 0 }; // struct mount_attr: set, clear, propagation, user namespace
            if (SystemCall(SetAttributes, mount, nothing, (nint)Itself, (byte*)attributes, 4 * sizeof(ulong)) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                Posix.Close(mount);
                throw new IOException($"{folder} cannot be mounted read-only: {Marshal.GetPInvokeErrorMessage(error)}");
            }

            return mount;
        }
    }

    // An error number; 0: it is there. From the first call to the last, the thread is in the other namespace, or on its way back.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int AttachThere(int there, int mount, byte* target, byte* nothing, byte* here)
    {
        if (s_setNamespace(there, NewMounts) != 0)
        {
            return *s_errorNumber();
        }

        var error = s_systemCall(MoveMount, mount, nothing, WorkingFolder, target, (nint)ItselfToo) == 0 ? 0 : *s_errorNumber();
        if (s_setNamespace(s_home, NewMounts) != 0 || s_enterFolder(s_root) != 0 || s_changeRoot(here) != 0 || s_enterFolder(s_folder) != 0)
        {
            Environment.FailFast("A thread of the server cannot come back from the mount namespace of a sandbox.");
        }

        return error;
    }

    private static bool HasCalls() =>
        ((nint[])[OpenTree, MoveMount, SetAttributes])
        .All(call => SystemCall(call, -1, null, -1, null, 0) >= 0 || Marshal.GetLastPInvokeError() is not (NoSuchCall or NotPermitted));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes($"{text}\0");

    private static void Check(int result, string failure)
    {
        if (result < 0)
        {
            throw new IOException($"{failure}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, byte* second, nint third, byte* fourth, nint fifth);
}
