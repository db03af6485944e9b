using System.Globalization;
using System.Net.Sockets;
using System.Text;

// Theory of operation. A .NET process runs the Initialize of a class of this name, in no namespace, from each assembly in
// DOTNET_STARTUP_HOOKS before its Main (dotnet/runtime, docs/design/features/host-startup-hook.md). So the server under
// test stays as it is, and answers on a socket of its own how much of its memory is in use once all garbage is collected.

/// <summary>What runs inside a server whose managed memory a test wants to know.</summary>
internal static class StartupHook
{
    /// <summary>The variable that names the socket.</summary>
    public const string Variable = "TEST_MEMORY_SOCKET";

    /// <summary>Listens.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            File.Delete(path);
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            new Thread(() => Answer(listener)) { IsBackground = true }.Start();
        }
    }

    private static void Answer(Socket listener)
    {
        while (true)
        {
            using var client = listener.Accept();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            client.Send(Encoding.ASCII.GetBytes(GC.GetTotalMemory(false).ToString(CultureInfo.InvariantCulture)));
        }
    }
}
