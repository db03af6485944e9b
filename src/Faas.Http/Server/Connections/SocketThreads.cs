namespace Faas.Http.Server.Connections;

/// <summary>
/// Who handles what comes in over a socket or a pipe.
///
/// Theory of operation: .NET has a thread wait for all sockets (epoll(7)), which hands each one that has something to say to
/// a thread of the pool, and that, for Kestrel, to another one. To wake a sleeping thread costs more than most of what is
/// then done. Nothing here blocks a thread, so the waiting thread does it itself, as event loops do; there is
/// one for each processor then, and the sockets are shared out among them. Half of the server's processor time in quick
/// calls goes with the hand-over (docs/benchmarks.md).
/// Sources: SocketAsyncEngine.Unix.cs of dotnet/runtime; SocketTransportOptions.UnsafePreferInlineScheduling of ASP.NET Core.
/// </summary>
public static class SocketThreads
{
    // The runtime has no other way to be told, and reads it when the first socket is opened.
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Has the threads that wait do the work. Before the first socket or pipe is opened; an operator's own setting of the variable stays.</summary>
    public static void RunWhatTheyRead()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
