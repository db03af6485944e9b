using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Faas.Http.Lifecycle;

/// <summary>
/// The first SIGTERM, SIGINT or SIGHUP asks the server to stop, even while it starts. A SIGHUP that the server's parent has had ignored,
/// as nohup(1) does, stays ignored. Signals within one second after the first
/// count as the same wish, because a terminal signals a whole group of processes and their parent may signal each again.
/// A later signal ends the process at once, without any further code; its children die with it by means of their own.
/// </summary>
public sealed partial class StopSignals : IDisposable
{
    private const int SignalBase = 128;
    private const int HangUp = 1;
    private static readonly TimeSpan s_toldTwice = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _first = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private long? _since;

    private StopSignals()
    {
        List<PosixSignalRegistration> registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Count(signal, 15)),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Count(signal, 2)),
        ];
        if (!IsIgnored(HangUp))
        {
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Count(signal, HangUp)));
        }

        _registrations = [.. registrations];
    }

    /// <summary>The first has come.</summary>
    public CancellationToken First => _first.Token;

    /// <summary>Watches until disposed.</summary>
    public static StopSignals Watch() => new();

    /// <inheritdoc />
    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _first.Dispose();
    }

    private void Count(PosixSignalContext signal, int number)
    {
        signal.Cancel = true;
        lock (_lock)
        {
            if (_since is { } first)
            {
                if (Stopwatch.GetElapsedTime(first) > s_toldTwice)
                {
                    Exit(SignalBase + number);
                }

                return;
            }

            _since = Stopwatch.GetTimestamp();
        }

        _first.Cancel();
    }

    // proc_pid_status(5): a bit a signal, the first for signal 1.
    private static bool IsIgnored(int signal) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
        .Any(line => ((Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) >> (signal - 1)) & 1) == 1);

    // Environment.Exit would run the shutdown hooks, which is what the first signal is still busy with.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
