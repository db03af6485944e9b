using System.Diagnostics;
using System.Globalization;

namespace Faas.Actors.Tests.Storage.Stores;

/// <summary>Another process that holds an embedded store (tests/Faas.EmbeddedStoreHost). It ends with the test host.</summary>
public sealed class EmbeddedStoreHost : IDisposable
{
    private readonly Process _process;

    private EmbeddedStoreHost(Process process) => _process = process;

    /// <summary>The first line it printed: redis-server's process id, or why it did not start.</summary>
    public string FirstLine { get; private set; } = "";

    /// <summary>redis-server's process id.</summary>
    public int RedisProcessId => int.Parse(FirstLine, CultureInfo.InvariantCulture);

    /// <summary>The process itself.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Returns once the store accepts calls, or did not start.</summary>
    public static async Task<EmbeddedStoreHost> StartAsync(string dataDir)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Faas.EmbeddedStoreHost.dll"), dataDir])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var host = new EmbeddedStoreHost(Process.Start(start)!);
        host.FirstLine = await host._process.StandardOutput.ReadLineAsync() ?? "";
        return host;
    }

    /// <summary>SIGKILL, and its end.</summary>
    public async Task KillAsync()
    {
        Signals.Send(_process.Id, Signals.Kill);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
