namespace Faas.Actors.Linux;

/// <summary>The names of Linux signals on x86 and ARM. Source: signal(7).</summary>
public static class SignalNames
{
    private static readonly string[] s_names =
    [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN",
        "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    /// <summary>The name of a signal: <c>SIGSEGV</c> for 11. A real-time signal has its number in its name: <c>SIG34</c>.</summary>
    public static string Of(int signal) => signal >= 1 && signal <= s_names.Length ? s_names[signal - 1] : $"SIG{signal}";
}
