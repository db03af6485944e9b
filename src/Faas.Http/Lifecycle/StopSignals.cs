using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Faas.Http.Lifecycle;

/// <summary>
/// The first SIGTERM or SIGINT, or SIGHUP of a terminal (<see cref="HangUpSignal"/>), asks the server to stop, even while it starts.
/// Signals within one second after the first count as the same wish, because a terminal signals a whole group of processes and their
/// parent may signal each again. A later signal ends the process at once, without any further code; its children die with it by means of
/// their own.
/// </summary>
public sealed partial class StopSignals : IDisposable
{
    private const int SignalBase = 128;
    private static readonly TimeSpan s_toldTwice = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _first = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _lock = new();
    private long? _since;

    private StopSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Count(signal, 15)),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Count(signal, 2)),
        ];
        HangUp = HangUpSignal.Watch(signal => Count(signal, 1));
    }

    /// <summary>SIGHUP.</summary>
    public HangUpSignal HangUp { get; }

    /// <summary>The first has come.</summary>
    public CancellationToken First => _first.Token;

    /// <summary>Watches until disposed.</summary>
    public static StopSignals Watch() => new();

    /// <inheritdoc />
    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        HangUp.Dispose();
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

    // Environment.Exit would run the shutdown hooks, which is what the first signal is still busy with.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
