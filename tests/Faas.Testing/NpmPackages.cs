using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Faas.Testing;

/// <summary>Publishes packages of npm that a test makes.</summary>
/// <param name="registry">The registry that lists them.</param>
public sealed class NpmPackages(PackageServer registry)
{
    private readonly ConcurrentDictionary<string, JsonObject> _documents = new();

    /// <summary>Adds a version with one module, <c>index.js</c>.</summary>
    /// <param name="name">The package.</param>
    /// <param name="version">The version, which is the latest from then on.</param>
    /// <param name="module">The text of the module.</param>
    /// <param name="age">How long it has been public.</param>
    /// <param name="host">The server that has its tarball; null: the registry itself.</param>
    /// <param name="needs">The names of packages that it needs.</param>
    public void Publish(
        string name, string version, string module, TimeSpan age = default, PackageServer? host = null, params string[] needs)
    {
        var dependencies = new JsonObject(needs.Select(need => KeyValuePair.Create(need, (JsonNode?)"*")));
        Publish(
            name,
            version,
            [("package/index.js", Encoding.UTF8.GetBytes(module))],
            new JsonObject { ["dependencies"] = dependencies },
            age,
            host);
    }

    /// <summary>Adds a version with these files. Their names begin with <c>package/</c>, unless they are to lie elsewhere.</summary>
    /// <param name="name">The package.</param>
    /// <param name="version">The version, which is the latest from then on.</param>
    /// <param name="files">The files beside its package.json.</param>
    /// <param name="says">What its package.json says beside name, version and main.</param>
    /// <param name="age">How long it has been public.</param>
    /// <param name="host">The server that has its tarball; null: the registry itself.</param>
    public void Publish(
        string name,
        string version,
        IReadOnlyList<(string Name, byte[] Content)> files,
        JsonObject says,
        TimeSpan age = default,
        PackageServer? host = null)
    {
        var manifest = says.DeepClone().AsObject();
        (manifest["name"], manifest["version"], manifest["main"]) = (name, version, "index.js");
        var tarball = Pack([("package/package.json", Encoding.UTF8.GetBytes(manifest.ToJsonString())), .. files]);
        var path = $"/-/{name.Replace('/', '-')}-{version}.tgz";
        (host ?? registry).Serves(path, "application/octet-stream", tarball);

        var document = _documents.GetOrAdd(name, _ => new JsonObject
        {
            ["name"] = name, ["dist-tags"] = new JsonObject(), ["versions"] = new JsonObject(), ["time"] = new JsonObject(),
        });
        var listed = manifest.DeepClone().AsObject();
        listed["dist"] = new JsonObject
        {
            ["tarball"] = new Uri((host ?? registry).Address, path).ToString(),
            ["integrity"] = $"sha512-{Convert.ToBase64String(SHA512.HashData(tarball))}",
        };
        document["versions"]![version] = listed;
        document["dist-tags"]!["latest"] = version;
        document["time"]![version] = DateTimeOffset.UtcNow - age;
        registry.Serves($"/{name.Replace("/", "%2f", StringComparison.Ordinal)}", "application/json", document.ToJsonString());
    }

    private static byte[] Pack(IReadOnlyList<(string Name, byte[] Content)> files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(content),
                });
            }
        }

        return packed.ToArray();
    }
}
