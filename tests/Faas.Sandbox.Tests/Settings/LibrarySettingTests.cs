using System.Net;

namespace Faas.Sandbox.Tests.Settings;

/// <summary><c>faas.libraries</c>, by real installations from registries of the test.</summary>
[TestLimit(150)]
public sealed class LibrarySettingTests : IDisposable
{
    // In which process the library was executed: 1 is the zygote.
    private const string Pid = "module.exports = require('node:fs').readlinkSync('/proc/self');";

    private readonly PackageServer _public = new();
    private readonly PackageServer _private = new();
    private readonly PackageServer _files = new();
    private readonly NpmPackages _packages;

    public LibrarySettingTests() => _packages = new NpmPackages(_public);

    public void Dispose()
    {
        _public.Dispose();
        _private.Dispose();
        _files.Dispose();
    }

    [Fact]
    [Proves("libraries.allow")]
    [Proves("libraries.deny")]
    [Proves("libraries.minimum-age")]
    [Proves("libraries.npm.registry")]
    [Proves("libraries.npm.file-hosts")]
    [Proves("libraries.npm.private.registry")]
    [Proves("libraries.npm.private.names")]
    [Proves("libraries.npm.preload")]
    public async Task They_say_which_libraries_of_which_registry_a_script_may_have()
    {
        _packages.Publish("alpha-old", "1.0.0", "module.exports = 'old'", TimeSpan.FromDays(3));
        _packages.Publish("alpha-old", "1.1.0", "module.exports = 'young'", TimeSpan.FromHours(1));
        _packages.Publish("alpha-pid", "1.0.0", Pid, TimeSpan.FromDays(3));
        _packages.Publish("alpha-own", "1.0.0", Pid, TimeSpan.FromDays(3));
        _packages.Publish("alpha-odd-pid", "1.0.0", $"{Pid} if (module.exports === '1') throw new Error('odd')", TimeSpan.FromDays(3));
        _packages.Publish("alpha-new", "1.0.0", "module.exports = 'new'", TimeSpan.FromHours(1));
        _packages.Publish("alpha-away", "1.0.0", "module.exports = 'away'", TimeSpan.FromDays(3), _files);
        _packages.Publish("alpha-astray", "1.0.0", "module.exports = 'astray'", TimeSpan.FromDays(3), _private);
        _packages.Publish("alpha-evil", "1.0.0", "module.exports = 'evil'", TimeSpan.FromDays(3));
        _packages.Publish("acme-tool", "9.0.0", "module.exports = 'taken'", TimeSpan.FromDays(3));
        new NpmPackages(_private).Publish("acme-tool", "1.0.0", "module.exports = 'ours'", TimeSpan.FromDays(3));
        await using var server = await FaasServer.StartAsync($$"""
            faas.libraries {
              allow = ["alpha-*", "npm:acme-*"], deny = [alpha-evil], minimum-age = 24h
              npm { registry = "{{_public.Address}}", file-hosts = ["{{_files.Address.Authority}}"], preload = ["*-pid"]
                    private { registry = "{{_private.Address}}", names = ["acme-*"] } }
            }
            """);

        Assert.Equal("\"old\"", await ValueAsync(server, "alpha-old"));
        Assert.Equal("\"away\"", await ValueAsync(server, "alpha-away"));
        Assert.Equal("\"ours\"", await ValueAsync(server, "acme-tool"));
        Assert.DoesNotContain("/acme-tool", _public.Asked);
        Assert.Contains("faas.libraries.deny", await LogAsync(server, "alpha-evil"), StringComparison.Ordinal);
        Assert.Contains("faas.libraries.allow", await LogAsync(server, "lodash"), StringComparison.Ordinal);
        Assert.Contains("faas.libraries.minimum-age", await LogAsync(server, "alpha-new"), StringComparison.Ordinal);
        Assert.Contains("alpha-astray", await LogAsync(server, "alpha-astray"), StringComparison.Ordinal);

        await StoreAsync(server, "alpha-pid");
        await StoreAsync(server, "alpha-own");
        await Eventually.HoldsAsync(
            async () => (await server.RunAsync("alpha-pid")).Data == "\"1\"",
            TimeSpan.FromSeconds(20),
            () => "process 1 does not execute it");
        Assert.NotEqual("\"1\"", (await server.RunAsync("alpha-own")).Data);

        await StoreAsync(server, "alpha-odd-pid");
        await Eventually.HoldsAsync(
            async () => (await server.RunAsync("alpha-odd-pid")).Status == HttpStatusCode.OK
                && server.Log.Contains("has ended by itself (status 71)", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20),
            () => $"no warning, or no run after it: {server.Log}");
        Assert.Contains("the libraries behave otherwise than in their trial", server.Log, StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    [Proves("libraries.python.registry")]
    [Proves("libraries.python.file-hosts")]
    [Proves("libraries.python.private.registry")]
    [Proves("libraries.python.private.names")]
    [Proves("libraries.max-files")]
    [Proves("libraries.folder")]
    [Proves("libraries.max-total")]
    [Proves("libraries.python.preload")]
    public async Task They_say_the_same_of_Python_and_where_its_libraries_are_kept()
    {
        var (wheels, ours) = (new PythonWheels(_public), new PythonWheels(_private));
        const string pid = "import os\nloaded_by = os.getpid()";
        wheels.Publish("alpha", "1.0", [("alpha.py", pid)], age: TimeSpan.FromDays(3));
        wheels.Publish("alpha", "1.1", [("alpha.py", "loaded_by = 'young'")], age: TimeSpan.FromHours(1));
        wheels.Publish("beta", "1.0", [("beta.py", pid)], age: TimeSpan.FromDays(3), host: _files);
        wheels.Publish("gamma", "1.0", [("gamma.py", pid)], age: TimeSpan.FromDays(3), host: _private);
        wheels.Publish("acme-tool", "9.0", [("acme_tool.py", "loaded_by = 'taken'")], age: TimeSpan.FromDays(3));
        ours.Publish("acme-tool", "1.0", [("acme_tool.py", "loaded_by = 'ours'")], age: TimeSpan.FromDays(3));
        wheels.Publish("many", "1.0", [.. Enumerable.Range(0, 9).Select(n => ($"many/m{n}.py", ""))], age: TimeSpan.FromDays(3));
        wheels.Publish("bomb", "1.0", [("bomb/zeros", new string('0', 70 << 20))], age: TimeSpan.FromDays(3));
        var folder = Directory.CreateTempSubdirectory("faas-layers-").FullName;
        try
        {
            await using var server = await FaasServer.StartAsync($$"""
                faas.libraries {
                  folder = "{{folder}}", build.memory = 128M, max-files = 10, max-total = 1M, deny = ["pypi:evil"]
                  python { registry = "{{wheels.Index}}", file-hosts = ["{{_files.Address.Authority}}"], preload = [alpha]
                           private { registry = "{{ours.Index}}", names = ["acme-*"] } }
                }
                """);

            wheels.Publish("large", "1.0", [("large.py", $"'{new string('x', 700_000)}'")], age: TimeSpan.FromDays(3));
            Assert.Contains("faas.libraries.max-total", (await PythonAsync(server, "large")).Body.ToString(), StringComparison.Ordinal);
            await UploadAsync(server, "alpha");
            await UploadAsync(server, "beta");
            for (var call = 0; call < 2; call++)
            {
                Assert.Equal("1", (await server.RunAsync("alpha")).Data); // process 1
                Assert.NotEqual("1", (await server.RunAsync("beta")).Data);
            }

            Assert.Equal("\"ours\"", (await PythonAsync(server, "acme-tool")).Data);
            Assert.DoesNotContain("/simple/acme-tool/", _public.Asked);
            Assert.Contains("gamma", (await PythonAsync(server, "gamma")).Body.ToString(), StringComparison.Ordinal);
            Assert.Contains("faas.libraries.deny", (await PythonAsync(server, "evil")).Body.ToString(), StringComparison.Ordinal);
            Assert.Contains("faas.libraries.max-files allows 10", (await PythonAsync(server, "many")).Body.ToString(), StringComparison.Ordinal);
            var bomb = await PythonAsync(server, "bomb");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "dependencies"), (bomb.Status, bomb.Reason));
            Assert.True(bomb.Body.ToString().Contains("faas.libraries.build.memory", StringComparison.Ordinal), bomb.Body.ToString());
            Assert.Equal(3, Directory.GetDirectories(folder).Length);
            await server.EndAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    [Proves("libraries.max-count")]
    [Proves("libraries.max-size")]
    public async Task Max_count_and_max_size_bound_what_is_fetched()
    {
        _packages.Publish("one", "1.0.0", "", needs: ["two"]);
        _packages.Publish("two", "1.0.0", "", needs: ["three"]);
        _packages.Publish("three", "1.0.0", "module.exports = 3");
        _packages.Publish("large", "1.0.0", $"/*{Convert.ToBase64String(new Random(1).GetItems<byte>([.. Enumerable.Range(0, 256).Select(b => (byte)b)], 1 << 20))}*/");
        await using var server = await FaasServer.StartAsync(
            $"faas.libraries {{ minimum-age = 0, max-count = 2, max-size = 1M, npm.registry = \"{_public.Address}\" }}");

        Assert.Equal("3", await ValueAsync(server, "three"));
        Assert.Contains("faas.libraries.max-count", await LogAsync(server, "one"), StringComparison.Ordinal);
        Assert.Contains("faas.libraries.max-size", await LogAsync(server, "large"), StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    [Proves("libraries.build.timeout")]
    [Proves("libraries.build.memory")]
    public async Task Build_timeout_and_build_memory_end_an_installation_that_takes_too_much()
    {
        _packages.Publish("heavy", "1.0.0", $"/*{new string('x', 40 << 20)}*/");
        _public.Hangs("/slow");
        await using var server = await FaasServer.StartAsync($$"""
            faas.libraries { minimum-age = 0, npm.registry = "{{_public.Address}}", build { timeout = 15s, memory = 64M } }
            """);

        Assert.Matches("No space left|faas.libraries.build.memory", await LogAsync(server, "heavy"));
        Assert.Contains("faas.libraries.build.timeout (15 s)", await LogAsync(server, "slow"), StringComparison.Ordinal);
        Assert.Equal("1", (await server.RunNowAsync("javascript", "return 1")).Data);
        await server.EndAsync();
    }

    private static Task<Reply> PythonAsync(FaasServer server, string library) =>
        server.ReplyAsync("/run-now", new { language = "python", code = CodeOf(library), dependencies = new[] { library } });

    private static async Task UploadAsync(FaasServer server, string library)
    {
        var reply = await server.ReplyAsync(
            "/upload", new { path = library, language = "python", code = CodeOf(library), dependencies = new[] { library } });
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body.ToString());
    }

    private static async Task StoreAsync(FaasServer server, string library)
    {
        var code = $"import value from 'npm:{library}'; return value";
        var reply = await server.ReplyAsync("/upload", new { path = library, language = "javascript", code });
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body.ToString());
    }

    private static string CodeOf(string library)
    {
        var module = library.Replace('-', '_');
        return $"import {module}\nreturn {module}.loaded_by";
    }

    private static async Task<string> ValueAsync(FaasServer server, string library)
    {
        var reply = await server.RunNowAsync("javascript", $"import value from 'npm:{library}'; return value");
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body.ToString());
        return reply.Data;
    }

    private static async Task<string> LogAsync(FaasServer server, string library)
    {
        var reply = await server.RunNowAsync("javascript", $"import value from 'npm:{library}'; return value");
        Assert.True((reply.Status, reply.Reason) == (HttpStatusCode.UnprocessableEntity, "dependencies"), reply.Body.ToString());
        return reply.Body.ToString();
    }
}
