using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Scripts with libraries of npm that have machine code: their layer, from pnpm to the calls, through real sandboxes.</summary>
[TestLimit(180)]
public sealed class NativeTests : IAsyncLifetime
{
    // The process that loads the machine code: 1 is the zygote.
    private const string Own = "exports.word = require('./a.node');\nexports.pid = require('node:fs').readlinkSync('/proc/self');\n";
    private const string Refusal = "(path) => { try { require('node:fs').writeFileSync(path, '') } catch (error) { return error.code } }";

    private const string Code = $"import {{ pure }} from 'npm:pure'; import own from 'npm:own'; import word from 'npm:prebuilt'\n"
        + $"const refused = ['own/a.node', 'new'].map((name) => '/libraries/node_modules/' + name).map({Refusal})\n"
        + "export default () => [pure, own.word, word, refused, own.pid === '1']";

    private const string Value = """["pure","its own","from a library",["EROFS","EROFS"],false]""";

    private static readonly string s_arch = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";

    private static readonly string s_longName = $"{new string('d', 90)}/{new string('e', 90)}/ü";

    private readonly PackageServer _registry = new();
    private NpmPackages _packages = null!;
    private FaasServer _server = null!;

    public async Task InitializeAsync()
    {
        _packages = new NpmPackages(_registry);
        _packages.Publish("pure", "1.0.0", "exports.pure = 'pure'");
        _packages.Publish("own", "1.0.0", [Text("index.js", Own), Text(s_longName, ""), ("package/a.node", NodeAddon.Saying("its own"))], []);
        var (addon, library) = NodeAddon.Using("from a library", "../library");
        _packages.Publish("@acme/library", "1.0.0", [("package/libword.so", library)], Only("glibc"));
        _packages.Publish("@acme/glibc", "1.0.0", [("package/a.node", addon)], With(Only("glibc"), "@acme/library"));
        _packages.Publish("@acme/musl", "1.0.0", [("package/a.node", [])], Only("musl"));
        _packages.Publish(
            "prebuilt",
            "1.0.0",
            [Text("index.js", "module.exports = require('@acme/glibc/a.node')")],
            With([], "@acme/glibc", "@acme/musl"));
        _server = await StartAsync("fork");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _registry.Dispose();
    }

    [Fact]
    public async Task Machine_code_is_loaded_from_a_layer_that_versions_share_and_that_is_built_again_when_it_is_damaged_lost_or_elsewhere()
    {
        foreach (var isolation in (string[])["process", "sandbox", "shared"])
        {
            await UploadAsync(new { path = isolation, language = "typescript", code = $"{Code} // {isolation}", isolation });
            for (var call = 0; call < 3; call++)
            {
                Assert.Equal(Value, (await _server.RunAsync(isolation)).Data);
            }
        }

        Assert.Equal(Value, (await _server.RunNowAsync("javascript", Code)).Data);
        var sources = new[]
        {
            new { name = "main.js", text = "import { word } from './lib.js'\nreturn word" },
            new { name = "lib.js", text = "export { default as word } from 'prebuilt'" },
        };
        await UploadAsync(new { path = "tree", language = "javascript", sources, dependencies = new[] { "prebuilt", "own", "pure" } });
        Assert.Equal("\"from a library\"", (await _server.RunAsync("tree")).Data);
        var layer = Assert.Single(Layers(_server));
        Assert.False(Directory.Exists(Path.Combine(layer, "files", "node_modules", "@acme", "musl")));
        Assert.True(File.Exists(Path.Combine(layer, "files", "node_modules", "own", s_longName)));
        Assert.Equal(4, Directory.GetFiles(Path.Combine(layer, "codes")).Length);

        string[] dependencies = ["own"];
        await UploadAsync(new { path = "pure", language = "javascript", code = "import 'npm:pure'; return 1", dependencies });
        Assert.Single(Layers(_server));

        await using (var other = await StartAsync("exec"))
        {
            using var archive = await _server.Client.GetAsync(new Uri("/api/v1/export", UriKind.Relative));
            using var import = await other.Client.PostAsync(new Uri("/api/v1/import", UriKind.Relative), archive.Content);
            Assert.True(import.IsSuccessStatusCode, await import.Content.ReadAsStringAsync());
            Assert.Equal(Value, (await other.RunAsync("process")).Data);
            Assert.Equal("\"from a library\"", (await other.RunAsync("tree")).Data);
            Assert.Equal(Path.GetFileName(layer), Path.GetFileName(Assert.Single(Layers(other))));
            await other.EndAsync();
        }

        Assert.Equal(0, await _server.StopAsync());
        await using var next = await StartAsync("exec", _server.Folder);
        await File.WriteAllTextAsync(Path.Combine(layer, "files", "node_modules", "own", "index.js"), "exports.word = 'damaged'");
        Assert.Equal(Value, (await next.RunAsync("process")).Data);
        Directory.Delete(layer, recursive: true);
        Assert.Equal(Value, (await next.RunAsync("sandbox")).Data);
        await next.EndAsync();
    }

    [Fact]
    public async Task A_hostile_package_brings_nothing_into_a_layer_and_what_cannot_be_loaded_is_an_error_of_node()
    {
        _packages.Publish("climbs", "1.0.0", [Text("index.js", ""), ("package/../../own/a.node", NodeAddon.Saying("evil"))], []);
        var refused = await _server.ReplyAsync("/upload", new { path = "bad", language = "javascript", code = "import 'npm:climbs'" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "dependencies"), (refused.Status, refused.Reason));
        Assert.Equal(HttpStatusCode.NotFound, (await _server.RunAsync("bad")).Status);
        Assert.Empty(Layers(_server));

        _packages.Publish("broken", "1.0.0", [Text("index.js", "require('./a.node')"), Text("a.node", "no program")], []);
        var broken = await _server.RunNowAsync("javascript", "import 'npm:broken'");
        Assert.Contains("ERR_DLOPEN_FAILED", broken.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal("3", (await _server.RunNowAsync("javascript", "return 3")).Data);
        await _server.EndAsync();
    }

    private static (string Name, byte[] Content) Text(string name, string text) => ($"package/{name}", Encoding.UTF8.GetBytes(text));

    private static JsonObject Only(string libc) => new() { ["os"] = Array("linux"), ["cpu"] = Array(s_arch), ["libc"] = Array(libc) };

    private static JsonArray Array(string text) => [JsonValue.Create(text)];

    private static JsonObject With(JsonObject manifest, params string[] optional)
    {
        manifest["optionalDependencies"] = new JsonObject(optional.Select(name => KeyValuePair.Create(name, (JsonNode?)"1.0.0")));
        return manifest;
    }

    private static string[] Layers(FaasServer server)
    {
        var layers = Path.Combine(server.Folder, "data", "layers");
        return Directory.Exists(layers) ? Directory.GetDirectories(layers) : [];
    }

    private Task<FaasServer> StartAsync(string launch, string? folder = null) => FaasServer.StartAsync(
        $"faas.sandbox.launch = {launch}\n"
        + $"faas.libraries {{ minimum-age = 0, npm {{ registry = \"{_registry.Address}\", preload = [\"*\"] }} }}",
        folder);

    private async Task<JsonElement> UploadAsync(object body)
    {
        var reply = await _server.ReplyAsync("/upload", body);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body.ToString());
        return reply.Body;
    }
}
