namespace Faas.Http.Server.Connections;

/// <summary>
/// Decides which thread handles the data of a socket or a pipe.
///
/// Theory of operation: in .NET one thread waits for all sockets (epoll(7)) and hands each ready socket to a thread of
/// the pool; Kestrel then hands it to another one. Waking a sleeping thread costs more than most of the work that
/// follows. No code of this server blocks a thread, so the waiting threads do that work themselves, as event loops do:
/// there is one for each processor, and the sockets are shared out among them. This saves half of the server's processor
/// time in quick calls (docs/benchmarks.md).
/// Sources: SocketAsyncEngine.Unix.cs of dotnet/runtime; SocketTransportOptions.UnsafePreferInlineScheduling of ASP.NET Core.
/// </summary>
public static class SocketThreads
{
    // The runtime knows no other switch, and reads this one when the first socket is opened.
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Lets the waiting threads do the work. Must be called before the first socket or pipe is opened; a value that the operator has set
    /// stays.
    /// </summary>
    public static void RunWhatTheyRead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
