using System.Runtime.InteropServices;

namespace Faas.Cli.Output;

/// <summary>
/// Ctrl+C, and SIGTERM. The first one asks the command to end, which also ends its run on the server. The second one ends the process at
/// once, whatever it waits for.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _signals;

    private Interruption() => _signals =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    /// <summary>Canceled by the first one.</summary>
    public CancellationToken Token => _asked.Token;

    /// <summary>Watches until disposed.</summary>
    public static Interruption Watch() => new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _asked.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        if (_asked.IsCancellationRequested)
        {
            Environment.Exit(ExitCode.Cancelled);
        }

        signal.Cancel = true;
        _asked.Cancel();
    }
}
