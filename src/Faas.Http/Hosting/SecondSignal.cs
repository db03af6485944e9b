using System.Runtime.InteropServices;

namespace Faas.Http.Hosting;

/// <summary>
/// The first SIGTERM or SIGINT stops the server gracefully (the host sees to that); whoever sends another one does not
/// want to wait. The process then ends without running anything more; its children die with it by their own means.
/// </summary>
public sealed partial class SecondSignal : IDisposable
{
    private const int SignalBase = 128;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    private SecondSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Count(15)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Count(2)),
    ];

    /// <summary>Watches until disposed.</summary>
    public static SecondSignal ExitsAtOnce() => new();

    /// <inheritdoc />
    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private void Count(int number)
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            Exit(SignalBase + number);
        }
    }

    // Environment.Exit would run the shutdown hooks, which is what the first signal is still busy with.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
