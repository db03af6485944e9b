using System.Net;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Scripts with libraries of npm: uploads, locks, calls and moves, through pnpm, esbuild and real sandboxes.</summary>
public sealed class NpmTests : IAsyncLifetime
{
    private readonly PackageServer _registry = new();
    private NpmPackages _packages = null!;
    private FaasServer _server = null!;

    public async Task InitializeAsync()
    {
        _packages = new NpmPackages(_registry);
        _packages.Publish("greet", "1.0.0", "exports.greet = (name) => `hello ${name}`;\n\nexports.fail = () => { throw new Error('here') }");
        _server = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _registry.Dispose();
    }

    [Fact]
    public async Task A_version_keeps_its_libraries_until_an_upload_is_forced()
    {
        const string code = "import { greet } from 'npm:greet@^1'; export default (event: { name: string }) => greet(event.name)";
        var first = await UploadAsync(new { path = "greet", language = "typescript", code });
        _packages.Publish("greet", "1.1.0", "exports.greet = (name) => `hi ${name}`");
        var second = await UploadAsync(new { path = "greet", language = "typescript", code });
        Assert.Equal((VersionOf(first), true), (VersionOf(second), second.GetProperty("unchanged").GetBoolean()));
        for (var call = 0; call < 2; call++)
        {
            Assert.Equal("\"hello you\"", (await _server.RunAsync("greet", new { name = "you" })).Data);
        }

        var slower = await UploadAsync(new { path = "greet", language = "typescript", code, timeout = 5 });
        Assert.NotEqual(VersionOf(first), VersionOf(slower));
        Assert.Contains("greet@1.0.0", await LockAsync("greet", VersionOf(slower)), StringComparison.Ordinal);

        var asked = _registry.Asked.Count();
        Assert.Equal("\"hello you\"", (await _server.RunAsync("greet", new { name = "you" })).Data);
        Assert.Equal(asked, _registry.Asked.Count());

        var forced = await UploadAsync(new { path = "greet", language = "typescript", code, force = true });
        Assert.NotEqual(VersionOf(first), VersionOf(forced));
        Assert.Equal("\"hi you\"", (await _server.RunAsync("greet", new { name = "you" })).Data);
        Assert.Contains("greet@1.0.0", await LockAsync("greet", VersionOf(first)), StringComparison.Ordinal);
        Assert.Contains("greet@1.1.0", await LockAsync("greet", VersionOf(forced)), StringComparison.Ordinal);

        await using var other = await StartAsync();
        using var archive = await _server.Client.GetAsync(new Uri("/api/v1/export", UriKind.Relative));
        using var import = await other.Client.PostAsync(new Uri("/api/v1/import", UriKind.Relative), archive.Content);
        Assert.True(import.IsSuccessStatusCode, await import.Content.ReadAsStringAsync());
        Assert.Equal("\"hi you\"", (await other.RunAsync("greet", new { name = "you" })).Data);
        Assert.Equal("\"hello you\"", (await other.RunAsync($"greet?version={VersionOf(first)}", new { name = "you" })).Data);
        await other.EndAsync();
        await _server.EndAsync();
    }

    [Fact]
    public async Task Libraries_are_declared_in_imports_in_package_json_and_beside_the_code()
    {
        _packages.Publish("@acme/tool", "2.0.0", "module.exports = 'tool'");
        _packages.Publish("needed", "1.0.0", "module.exports = require('greet').greet('all')", needs: ["greet"]);
        var sources = new[]
        {
            new { name = "main.js", text = "import tool from '@acme/tool'\nimport { all } from './lib.js'\nreturn [tool, all]" },
            new { name = "lib.js", text = "import needed from 'needed'\nexport const all = needed" },
            new { name = "package.json", text = """{"dependencies": {"@acme/tool": "^2"}}""" },
        };
        foreach (var isolation in (string[])["process", "sandbox", "shared"])
        {
            await UploadAsync(new { path = $"tree/{isolation}", language = "javascript", isolation, sources, dependencies = new[] { "needed@1" } });
            Assert.Equal("[\"tool\",\"hello all\"]", (await _server.RunAsync($"tree/{isolation}")).Data);
        }

        var now = await _server.ReplyAsync(
            "/run-now",
            new { language = "javascript", code = "return require('greet').greet('me')", dependencies = new[] { "greet" } });
        Assert.Equal("hello me", now.Body.GetProperty("data").GetString());

        var jsx = await _server.RunNowAsync(
            "typescript", "import { greet } from 'npm:greet'\nconst React = { createElement: (tag: string) => greet(tag) }\nreturn <b/>");
        Assert.Equal("\"hello b\"", jsx.Data);
        Assert.Equal("3", (await _server.RunNowAsync("javascript", "// import('npm:none')\nreturn 3")).Data);

        var thrown = await _server.RunNowAsync("javascript", "import { fail } from 'npm:greet@1.0.0'\nreturn fail()");
        var stack = thrown.Body.GetProperty("stack").GetString()!;
        Assert.Contains("greet/index.js:3:", stack, StringComparison.Ordinal);
        Assert.Contains("script.js:2:", stack, StringComparison.Ordinal);
        await _server.EndAsync();
    }

    [Fact]
    public async Task What_cannot_be_had_is_422_with_the_installers_words_and_stores_nothing()
    {
        var missing = await _server.ReplyAsync("/upload", new { path = "bad", language = "javascript", code = "import 'npm:no-such-library'" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "dependencies"), (missing.Status, missing.Reason));
        Assert.Contains("no-such-library", missing.Body.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Contains("404", missing.Body.GetProperty("logs").GetString()!, StringComparison.Ordinal);

        var address = await _server.ReplyAsync("/run-now", new { language = "javascript", code = "return 1", dependencies = new[] { "x@http://127.0.0.1/x.tgz" } });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "dependencies"), (address.Status, address.Reason));
        Assert.Equal(HttpStatusCode.NotFound, (await _server.RunAsync("bad")).Status);
        await _server.EndAsync();
    }

    private Task<FaasServer> StartAsync() =>
        FaasServer.StartAsync($"faas.libraries {{ minimum-age = 0, npm.registry = \"{_registry.Address}\" }}");

    private async Task<JsonElement> UploadAsync(object body)
    {
        var reply = await _server.ReplyAsync("/upload", body);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body.ToString());
        return reply.Body;
    }

    private async Task<string> LockAsync(string path, long version)
    {
        using var reply = await _server.Client.GetAsync(new Uri($"/api/v1/scripts/{path}/versions/{version}/sources", UriKind.Relative));
        return (await reply.ReadAsync()).GetProperty("lock").GetString()!;
    }

    private static long VersionOf(JsonElement upload) => upload.GetProperty("version").GetInt64();
}
