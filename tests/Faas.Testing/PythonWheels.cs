using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Faas.Testing;

/// <summary>Publishes wheels of Python that a test makes, by the simple repository API (PEP 691).</summary>
/// <param name="registry">The registry that lists them, under <c>/simple/</c>.</param>
public sealed class PythonWheels(PackageServer registry)
{
    private readonly ConcurrentDictionary<string, List<object>> _files = new();

    /// <summary>Where the libraries are.</summary>
    public Uri Index => new(registry.Address, "/simple/");

    /// <summary>Adds a wheel.</summary>
    /// <param name="name">The library.</param>
    /// <param name="version">The version.</param>
    /// <param name="module">The text of its one module, which has its name.</param>
    /// <param name="needs">What it requires.</param>
    public void Publish(string name, string version, string module, params string[] needs) =>
        Publish(name, version, [($"{name}.py", module)], needs);

    /// <summary>Adds a wheel with these files; a host of its own has it, or the registry itself.</summary>
    public void Publish(
        string name,
        string version,
        IReadOnlyList<(string Name, string Text)> files,
        IReadOnlyList<string>? needs = null,
        TimeSpan age = default,
        PackageServer? host = null)
    {
        var wheel = Pack(name, version, files, needs ?? []);
        var file = FileOf(name, version);
        (host ?? registry).Serves($"/files/{file}", "application/octet-stream", wheel);
        var listed = _files.GetOrAdd(name, _ => []);
        listed.Add(new Dictionary<string, object>
        {
            ["filename"] = file,
            ["url"] = new Uri((host ?? registry).Address, $"/files/{file}"),
            ["hashes"] = new { sha256 = Convert.ToHexStringLower(SHA256.HashData(wheel)) },
            ["upload-time"] = DateTimeOffset.UtcNow - age,
        });
        var page = JsonSerializer.Serialize(new { meta = new Dictionary<string, string> { ["api-version"] = "1.0" }, name, files = listed });
        registry.Serves($"/simple/{name}/", "application/vnd.pypi.simple.v1+json", page);
    }

    /// <summary>The file of a version has other content from now on, while the page tells the hash of the old one.</summary>
    public void Replace(string name, string version, string module) => registry.Serves(
        $"/files/{FileOf(name, version)}", "application/octet-stream", Pack(name, version, [($"{name}.py", module)], []));

    // A name has no hyphen there (PEP 427).
    private static string FileOf(string name, string version) => $"{name.Replace('-', '_')}-{version}-py3-none-any.whl";

    // A RECORD without hashes is allowed, and its own line has none (PEP 376).
    private static byte[] Pack(string name, string version, IReadOnlyList<(string Name, string Text)> files, IReadOnlyList<string> needs)
    {
        var info = $"{name.Replace('-', '_')}-{version}.dist-info";
        var requires = string.Concat(needs.Select(need => $"Requires-Dist: {need}\n"));
        List<(string Name, string Text)> all =
        [
            .. files,
            ($"{info}/METADATA", $"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}"),
            ($"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
        ];
        all.Add(($"{info}/RECORD", string.Concat(all.Select(file => $"{file.Name},,\n")) + $"{info}/RECORD,,\n"));
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (file, text) in all)
            {
                using var entry = zip.CreateEntry(file).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return packed.ToArray();
    }
}
