
namespace Faas.Actors.Linux;

/// <summary>Names of Linux signals, as signal(7) lists them for x86 and ARM.</summary>
public static class SignalNames
{
    private static readonly string[] Names =
    [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN",
        "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary><c>SIGSEGV</c> for 11; real-time signals by their number.</summary>
    public static string Of(int signal) => signal >= 1 && signal <= Names.Length ? Names[signal - 1] : $"SIG{signal}";
}
