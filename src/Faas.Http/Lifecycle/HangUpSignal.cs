using System.Runtime.InteropServices;

namespace Faas.Http.Lifecycle;

/// <summary>
/// SIGHUP. Theory of operation: it tells a server that was started at a terminal that the terminal is gone, so the server stops. For one
/// without a terminal, such as a unit of systemd, it is the customary wish to read the settings anew. A SIGHUP that the server's parent
/// has had ignored, as nohup(1) does, stays ignored. One that comes while the server starts counts when it has started.
/// </summary>
public sealed class HangUpSignal : IDisposable
{
    private const int Number = 1;

    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration? _registration;
    private Action? _reload;
    private bool _isPending;

    private HangUpSignal(Action<PosixSignalContext>? stop)
    {
        if (!IsIgnored())
        {
            _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, stop ?? OnSignal);
        }
    }

    /// <summary>Watches until disposed.</summary>
    /// <param name="stop">What a server that was started at a terminal does.</param>
    public static HangUpSignal Watch(Action<PosixSignalContext> stop) => new(Console.IsInputRedirected ? null : stop);

    /// <summary>What a server without a terminal does, from now on.</summary>
    public void OnReload(Action reload)
    {
        lock (_lock)
        {
            _reload = reload;
            if (!_isPending)
            {
                return;
            }
        }

        reload();
    }

    /// <inheritdoc />
    public void Dispose() => _registration?.Dispose();

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Action? reload;
        lock (_lock)
        {
            reload = _reload;
            _isPending = reload is null;
        }

        reload?.Invoke();
    }

    // proc_pid_status(5): a bit a signal, the first for signal 1.
    private static bool IsIgnored() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
        .Any(line => ((Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) >> (Number - 1)) & 1) == 1);
}
