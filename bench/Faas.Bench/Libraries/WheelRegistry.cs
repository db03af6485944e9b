using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Faas.Testing;

namespace Faas.Bench.Libraries;

/// <summary>
/// A registry of Python on loopback, with wheels of what Debian has installed (<c>wheels.py</c>): for a machine that reaches no other one.
/// </summary>
internal sealed class WheelRegistry : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "Libraries", "wheels.py");
    private readonly PackageServer _server = new();

    /// <summary>Makes the wheels and serves them. Throws <see cref="BenchException"/> when a package of Debian is missing.</summary>
    /// <param name="folder">Gets the wheels.</param>
    public WheelRegistry(string folder)
    {
        try
        {
            foreach (var line in Make(folder).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Serve(line.Split(' ')[0], Path.Combine(folder, line.Split(' ')[1]));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The address of its simple repository API.</summary>
    public Uri Index => new(_server.Address, "/simple/");

    public void Dispose() => _server.Dispose();

    private static string Make(string folder)
    {
        using var python = Process.Start(new ProcessStartInfo(Python, ["-I", "-B", s_script, folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaint = python.StandardError.ReadToEndAsync();
        var made = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0
            ? made
            : throw new BenchException($"No registry of Python answers, and wheels cannot be made: {complaint.Result.Trim()}");
    }

    private void Serve(string library, string wheel)
    {
        var content = File.ReadAllBytes(wheel);
        var name = Path.GetFileName(wheel);
        _server.Serves($"/files/{name}", "application/octet-stream", content);
        var page = new Dictionary<string, object>
        {
            ["meta"] = new Dictionary<string, string> { ["api-version"] = "1.0" },
            ["name"] = library,
            ["files"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["filename"] = name,
                    ["url"] = new Uri(_server.Address, $"/files/{name}"),
                    ["hashes"] = new { sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) },
                    ["upload-time"] = DateTimeOffset.UnixEpoch, // older than faas.libraries.minimum-age
                },
            },
        };
        _server.Serves($"/simple/{library}/", "application/vnd.pypi.simple.v1+json", JsonSerializer.Serialize(page));
    }
}
