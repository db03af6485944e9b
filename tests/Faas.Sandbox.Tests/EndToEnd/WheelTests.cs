using System.Net;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Python scripts with libraries: uploads, locks, calls and moves, through pip and real sandboxes.</summary>
[TestLimit(150)]
public sealed class WheelTests : IAsyncLifetime
{
    private const string Greeting = "# /// script\n# dependencies = ['greet>=1']\n# ///\nfrom greet import greet\nreturn greet(event['name'])";
    private readonly PackageServer _registry = new();
    private PythonWheels _wheels = null!;
    private FaasServer _server = null!;

    public async Task InitializeAsync()
    {
        _wheels = new PythonWheels(_registry);
        _wheels.Publish("greet", "1.0", "def greet(name):\n    return f'hello {name}'\n\n\ndef fail():\n    raise ValueError('here')\n");
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
        var first = await UploadAsync(new { path = "greet", language = "python", code = Greeting });
        _wheels.Publish("greet", "1.1", "def greet(name):\n    return f'hi {name}'\n");
        var second = await UploadAsync(new { path = "greet", language = "python", code = Greeting });
        Assert.Equal((VersionOf(first), true), (VersionOf(second), second.GetProperty("unchanged").GetBoolean()));
        var asked = _registry.Asked.Count();
        for (var call = 0; call < 2; call++)
        {
            Assert.Equal("\"hello you\"", (await _server.RunAsync("greet", new { name = "you" })).Data);
        }

        Assert.Equal(asked, _registry.Asked.Count());

        var forced = await UploadAsync(new { path = "greet", language = "python", code = Greeting, force = true });
        Assert.Equal("\"hi you\"", (await _server.RunAsync("greet", new { name = "you" })).Data);
        Assert.StartsWith("greet==1.0 --hash=sha256:", await LockAsync("greet", VersionOf(first)), StringComparison.Ordinal);
        Assert.StartsWith("greet==1.1 --hash=sha256:", await LockAsync("greet", VersionOf(forced)), StringComparison.Ordinal);

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
    public async Task Libraries_are_declared_in_the_script_in_requirements_and_beside_the_code()
    {
        _wheels.Publish("tool", "2.0", "name = 'tool'");
        _wheels.Publish("needed", "1.0", "import greet\nall = greet.greet('all')", "greet");
        var sources = new[]
        {
            new { name = "main.py", text = "# /// script\n# dependencies = ['greet']\n# ///\nimport tool\nfrom lib import all\nreturn [tool.name, all]" },
            new { name = "lib.py", text = "from needed import all" },
            new { name = "requirements.txt", text = "tool == 2.0  # this one\n" },
        };
        foreach (var isolation in (string[])["process", "sandbox", "shared"])
        {
            await UploadAsync(new { path = $"tree/{isolation}", language = "python", isolation, sources, dependencies = new[] { "needed" } });
            Assert.Equal("[\"tool\",\"hello all\"]", (await _server.RunAsync($"tree/{isolation}")).Data);
        }

        var now = await _server.RunNowAsync("python", Greeting.Replace("event['name']", "'me'", StringComparison.Ordinal));
        Assert.Equal("\"hello me\"", now.Data);
        var thrown = await _server.RunNowAsync("python", "# /// script\n# dependencies = ['greet']\n# ///\nimport greet\nreturn greet.fail()");
        Assert.Contains("/libraries/greet.py\", line 6", thrown.Body.GetProperty("stack").GetString()!, StringComparison.Ordinal);
        var none = await _server.RunNowAsync("python", "# /// script\n# requires-python = '>=3'\n# ///\nimport greet");
        Assert.Contains("No module named 'greet'", none.Body.ToString(), StringComparison.Ordinal);
        await _server.EndAsync();
    }

    [Fact]
    public async Task What_cannot_be_had_is_422_with_the_installers_words_and_stores_nothing()
    {
        var missing = await RefusedAsync("no-such-library");
        Assert.Contains("no-such-library", missing.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Contains("no-such-library", missing.GetProperty("logs").GetString()!, StringComparison.Ordinal);
        Assert.Contains("names an address", (await RefusedAsync("greet @ http://127.0.0.1/greet.whl")).ToString(), StringComparison.Ordinal);

        var events = await _server.EventsAsync(
            "/upload", new { path = "bad", language = "python", code = "return 1", dependencies = new[] { "greet", "none" }, stream = true });
        Assert.Contains(events, line => line.ToString().Contains("Looking in indexes", StringComparison.Ordinal));
        Assert.Equal(("error", "dependencies"), ($"{events[^1].GetProperty("event")}", $"{events[^1].GetProperty("reason")}"));

        _wheels.Publish("escape", "1.0", [("../../../../../../tmp/escaped.py", "")]);
        await RefusedAsync("escape");

        // Of a name that pip takes for a source archive, which it would run.
        const string itself = "evil @ http://127.0.0.1:3128/files/0/evil-1.0.zip";
        _wheels.Publish("itself", "1.0", [("itself.py", ""), ("setup.py", "print('it runs')")], [itself]);
        Assert.Contains("404", (await RefusedAsync("itself")).GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.Single(_registry.Asked, path => path.StartsWith("/files/itself", StringComparison.Ordinal));

        _wheels.Publish("changed", "1.0", "value = 1");
        _wheels.Replace("changed", "1.0", "value = 2");
        await RefusedAsync("changed");
        Assert.Equal(HttpStatusCode.NotFound, (await _server.RunAsync("bad")).Status);
        Assert.Equal("1", (await _server.RunNowAsync("python", "return 1")).Data);
        await _server.EndAsync();
    }

    [Fact]
    public async Task A_layer_that_is_damaged_or_lost_is_built_again_from_the_lock_and_never_run()
    {
        await UploadAsync(new { path = "greet", language = "python", code = Greeting, isolation = "sandbox" });
        Assert.Equal("\"hello you\"", (await _server.RunAsync("greet", new { name = "you" })).Data);
        _wheels.Publish("greet", "1.1", "def greet(name):\n    return f'hi {name}'\n");
        Assert.Equal(0, await _server.StopAsync());
        await using var next = await StartAsync(_server.Folder);

        var layer = Assert.Single(Directory.GetDirectories(Path.Combine(next.Folder, "data", "layers")));
        await File.WriteAllTextAsync(Path.Combine(layer, "files", "greet.py"), "def greet(name):\n    return 'damaged'\n");
        Assert.Equal("\"hello you\"", (await next.RunAsync("greet", new { name = "you" })).Data);

        Directory.Delete(layer, recursive: true);
        Assert.Equal("\"hello you\"", (await next.RunAsync("greet", new { name = "you" })).Data);
        await next.EndAsync();
    }

    private Task<FaasServer> StartAsync(string? folder = null) =>
        FaasServer.StartAsync($"faas.libraries {{ minimum-age = 0, python.registry = \"{_wheels.Index}\" }}", folder);

    private async Task<JsonElement> RefusedAsync(string dependency)
    {
        var reply = await _server.ReplyAsync(
            "/upload", new { path = "bad", language = "python", code = "return 1", dependencies = new[] { dependency } });
        Assert.True((reply.Status, reply.Reason) == (HttpStatusCode.UnprocessableEntity, "dependencies"), reply.Body.ToString());
        return reply.Body;
    }

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
