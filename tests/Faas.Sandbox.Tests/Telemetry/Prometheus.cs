using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Telemetry;

/// <summary>A Prometheus of its own that scrapes one server every second. `make test` installs it (tests/install.sh).</summary>
public sealed class Prometheus : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _client;
    private readonly Task<string> _log;

    private Prometheus(Process process, DirectoryInfo folder, HttpClient client)
    {
        (_process, _folder, _client) = (process, folder, client);
        _log = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it said; known once it has ended.</summary>
    public string Log => _log.IsCompletedSuccessfully ? _log.Result : "prometheus runs";

    /// <summary>Starts one, and waits until it answers.</summary>
    public static async Task<Prometheus> StartAsync(Uri server, string secret)
    {
        var (folder, port) = (Directory.CreateTempSubdirectory("faas-prometheus-"), FreePort.Find());
        var configuration = Path.Combine(folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: faas
                authorization: {credentials: "{{secret}}"}
                static_configs: [{targets: ["{{server.Authority}}"]}]
            """);
        string[] arguments =
        [
            $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
        ];
        var process = Process.Start(new ProcessStartInfo("prometheus", arguments) { RedirectStandardError = true })!;
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var prometheus = new Prometheus(process, folder, client);
        await Eventually.HoldsAsync(prometheus.IsReadyAsync, s_patience, () => prometheus.Log);
        return prometheus;
    }

    /// <summary>What it answers to a query now.</summary>
    public async Task<JsonElement> AskAsync(string query)
    {
        using var response = await _client.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(query)}", UriKind.Relative));
        return await response.ReadAsync();
    }

    /// <summary>The value of the only series that a query finds; null: it finds none.</summary>
    public async Task<double?> ValueAsync(string query) =>
        (await AskAsync(query)).GetProperty("data").GetProperty("result").EnumerateArray().ToList() is [var series]
            ? double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)
            : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
