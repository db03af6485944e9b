using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Faas.Actors.Linux;

/// <summary>
/// Listens on the loopback of another network namespace.
///
/// Theory of operation: a socket stays in the network namespace in which it was made, and a thread is in one namespace at a time. So a
/// thread enters the other namespace, makes the socket, and comes back. A thread that it started meanwhile would begin its life in the
/// other namespace; therefore nothing but a few system calls happens there: no task, no allocation, nothing that has to be compiled first.
/// A thread that cannot come back must run nothing else, so the server ends.
/// Source: setns(2), network_namespaces(7).
/// </summary>
internal static unsafe partial class NetworkNamespace
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET
    private const int InternetFamily = 2; // AF_INET
    private const int CloseOnExecStream = 1 | 0x80000; // SOCK_STREAM | SOCK_CLOEXEC
    private const int AddressLength = 16; // struct sockaddr_in
    private const int Backlog = 128;
    private const int LinkLength = 64;
    private const int SameNamespace = -1;
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const ulong Needed = (1UL << 21) | (1UL << 19); // CAP_SYS_ADMIN, CAP_SYS_PTRACE

    private static readonly int s_home;
    private static readonly byte[] s_homeLink;

    // Calls that fail, so that all of them are compiled.
    static NetworkNamespace()
    {
        var link = stackalloc byte[LinkLength];
        fixed (byte* path = "/proc/self/ns/net\0"u8)
        {
            s_home = Open(path, CloseOnExec);
            s_homeLink = new ReadOnlySpan<byte>(link, (int)Math.Max(0, ReadLink(path, link, LinkLength))).ToArray();
        }

        _ = SetNamespace(-1, NewNetwork) + CreateSocket(-1, 0, 0) + Bind(-1, link, 0) + Listen(-1, 0) + Close(-1);
        _ = Marshal.GetLastPInvokeError();
        MayEnter = s_home >= 0 && s_homeLink.Length > 0 && (ProcStatus.EffectiveCapabilities & Needed) == Needed && MayEnterByProcess();
    }

    /// <summary>
    /// Whether <see cref="ListenIn"/> works here: whether this process has the capabilities (capabilities(7)), and the kernel enters the
    /// namespace of a process by its descriptor.
    /// </summary>
    public static bool MayEnter { get; }

    /// <summary>
    /// A socket that listens on 127.0.0.1 in the network namespace of a process. Throws <see cref="Win32Exception"/> when the process is
    /// gone, the caller may not enter its namespace, or the port is taken; and <see cref="InvalidOperationException"/> when it is in the
    /// server's own namespace, where other programs of the machine could connect.
    /// </summary>
    /// <param name="process">The process. A descriptor of a process never means another one (Linux 5.8).</param>
    /// <param name="port">The port.</param>
    public static Socket ListenIn(ProcessHandle process, ushort port)
    {
        var held = false;
        process.DangerousAddRef(ref held);
        try
        {
            var (socket, error) = Listen((int)process.DangerousGetHandle(), port);
            return socket >= 0 ? new Socket(new SafeSocketHandle(socket, ownsHandle: true))
                : error == SameNamespace ? throw new InvalidOperationException("the process is in the server's own network namespace")
                : throw new Win32Exception(error);
        }
        finally
        {
            process.DangerousRelease();
        }
    }

    // The namespace that this process is in already.
    private static bool MayEnterByProcess()
    {
        try
        {
            using var own = ProcessHandle.Open(Environment.ProcessId);
            return SetNamespace((int)own.DangerousGetHandle(), NewNetwork) == 0;
        }
        catch (Win32Exception)
        {
            return false; // a kernel, or a seccomp filter around the server, without pidfd_open(2)
        }
    }

    private static (int Socket, int Error) Listen(int process, ushort port)
    {
        var address = stackalloc byte[AddressLength];
        new Span<byte>(address, AddressLength).Clear();
        *(ushort*)address = InternetFamily;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + 2, 2), port);
        IPAddress.Loopback.TryWriteBytes(new Span<byte>(address + 4, 4), out _);
        var link = stackalloc byte[LinkLength];
        fixed (byte* homeLink = s_homeLink)
        {
            _ = ListenThere(s_home, address, link, homeLink, s_homeLink.Length, out _); // so that it is compiled
            return (ListenThere(process, address, link, homeLink, s_homeLink.Length, out var error), error);
        }
    }

    // Compiled once and for all, so that the runtime does not count its calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int ListenThere(int there, byte* address, byte* link, byte* homeLink, int homeLinkLength, out int error)
    {
        error = 0;
        if (SetNamespace(there, NewNetwork) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            return -1;
        }

        var socket = -1;
        if (IsHere(link, homeLink, homeLinkLength))
        {
            error = SameNamespace;
        }
        else
        {
            socket = CreateSocket(InternetFamily, CloseOnExecStream, 0);
            if (socket < 0 || Bind(socket, address, AddressLength) != 0 || Listen(socket, Backlog) != 0)
            {
                error = Marshal.GetLastPInvokeError();
                if (socket >= 0)
                {
                    _ = Close(socket);
                    socket = -1;
                }
            }
        }

        if (SetNamespace(s_home, NewNetwork) != 0)
        {
            Environment.FailFast("A thread of the server cannot come back from the network namespace of a sandbox.");
        }

        return socket;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static bool IsHere(byte* link, byte* homeLink, int length)
    {
        fixed (byte* path = "/proc/thread-self/ns/net\0"u8)
        {
            var read = ReadLink(path, link, LinkLength);
            var same = read == length;
            for (var at = 0; same && at < length; at++)
            {
                same = link[at] == homeLink[at];
            }

            return same || read <= 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int type);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int CreateSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int Listen(int socket, int backlog);

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink(byte* path, byte* link, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
