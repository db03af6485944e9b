using System.Diagnostics;
using Faas.Http.Configuration;

namespace Faas.Bench.Libraries;

/// <summary>
/// The registries that npm and pip of this machine are configured with. Where Python's does not answer, one on loopback takes its place.
/// </summary>
internal sealed class Registries : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private readonly WheelRegistry? _wheels;
    private readonly string _npm;
    private readonly string _python;

    /// <summary>Asks npm and pip. Throws <see cref="BenchException"/>.</summary>
    /// <param name="folder">Gets wheels, if there is no registry of Python.</param>
    public Registries(string folder)
    {
        _npm = Said("npm", "config", "get", "registry").Trim();
        _python = PipSettings.IndexOf(Said("/usr/bin/python3", "-m", "pip", "config", "list")) ?? AsShipped();
        if (!Answers(_python))
        {
            _wheels = new WheelRegistry(folder);
            _python = _wheels.Index.ToString();
        }
    }

    /// <summary>Where the libraries of Python come from, in words.</summary>
    public string PythonSource => _wheels is null
        ? "The libraries of Python come from the registry that pip is configured with."
        : "No registry of Python answered: its libraries are wheels made of what Debian has installed, in a registry on loopback. So no "
            + "network is in the times of Python.";

    /// <summary>HOCON of a server that has them.</summary>
    public string Settings => $"faas.libraries {{ npm.registry = \"{_npm}\", python.registry = \"{_python}\" }}\n";

    public void Dispose() => _wheels?.Dispose();

    private static string AsShipped() =>
        FaasConfiguration.Load(Path.GetTempPath(), AppContext.BaseDirectory, new Dictionary<string, string>())
            .Libraries.Python.Address.ToString();

    private static string Said(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? said
            : throw new BenchException($"`{program} {string.Join(' ', arguments)}` ended with {process.ExitCode}.");
    }

    private static bool Answers(string index)
    {
        using var http = new HttpClient { Timeout = s_patience };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{index.TrimEnd('/')}/six/"));
            return http.Send(request).IsSuccessStatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
