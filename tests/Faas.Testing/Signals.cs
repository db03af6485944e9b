using Faas.Actors.Linux;

namespace Faas.Testing;

/// <summary>kill(2), and the numbers of signals on Linux (signal(7)).</summary>
public static class Signals
{
    /// <summary>SIGHUP.</summary>
    public const int HangUp = 1;

    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>Sends a signal; one to a process that is gone does nothing.</summary>
    public static void Send(int pid, int signal) => _ = Posix.Signal(pid, signal);
}
