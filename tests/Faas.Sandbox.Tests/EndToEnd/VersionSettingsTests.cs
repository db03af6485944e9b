using System.Diagnostics;
using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>The settings of a version hold for its runs, wherever their sandbox comes from, and for no other version.</summary>
public sealed class VersionSettingsTests(ServersByStart servers) : IClassFixture<ServersByStart>
{
    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task Its_timeout_ends_a_run(string language, string start)
    {
        var watch = Stopwatch.StartNew();
        var code = language == "python" ? "import time\ntime.sleep(60)" : "await new Promise((done) => setTimeout(done, 60_000));";

        var reply = await servers.RunAsync(language, start, code, ("timeout", 0.3));

        Assert.Equal((HttpStatusCode.GatewayTimeout, "timeout"), (reply.Status, reply.Reason));
        Assert.Equal("The script ran longer than 0.3 s.", reply.Body.GetProperty("detail").GetString());
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.3), $"{watch.Elapsed}");
    }

    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task Its_timeout_may_be_longer_than_the_operators(string language, string start)
    {
        const double wanted = ServersByStart.DefaultSeconds + 0.5;
        var code = language == "python"
            ? $"import time\ntime.sleep({wanted})\nreturn 1"
            : $"await new Promise((done) => setTimeout(done, {wanted * 1000})); return 1;";

        Assert.Equal("1", (await servers.RunAsync(language, start, code, ("timeout", "1m"))).Data);
    }

    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task A_handler_is_told_the_time_that_its_version_has(string language, string start)
    {
        var code = language == "python"
            ? "def handler(event, context): return context.get_remaining_time_in_millis() > 50_000"
            : "exports.handler = (event, context) => context.getRemainingTimeInMillis() > 50_000;";

        Assert.Equal("true", (await servers.RunAsync(language, start, code, ("timeout", 60))).Data);
    }

    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task Its_variables_are_in_the_environment_of_the_script_and_of_the_processes_that_it_starts(string language, string start)
    {
        const string text = "ä 🙂 \"quoted\" = \n two lines";
        var code = language == "python"
            ? "import os, subprocess\nhome = os.environ['HOME']\n"
                + "child = subprocess.check_output(['sh', '-c', 'printf %s \"$GREETING\"']).decode()\n"
                + "return [os.environ['GREETING'], child, home, os.environ['_lower']]"
            : "const child = require('child_process').execFileSync('sh', ['-c', 'printf %s \"$GREETING\"']).toString();\n"
                + "return [process.env.GREETING, child, process.env.HOME, process.env._lower];";
        var env = new Dictionary<string, string> { ["GREETING"] = text, ["_lower"] = "" };

        var told = (await servers.RunAsync(language, start, code, ("env", env))).Body.GetProperty("data");

        Assert.Equal([text, text, "/tmp", ""], told.EnumerateArray().Select(one => one.GetString()!));
    }

    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task The_time_zone_is_that_of_its_variables(string language, string start)
    {
        var code = language == "python"
            ? "import time\nreturn time.localtime(0).tm_hour"
            : "return new Date(0).getHours();";

        // The C library reads a rule; node has the names of its own copy of the time zones.
        var env = new Dictionary<string, string> { ["TZ"] = language == "python" ? "JST-9" : "Asia/Tokyo" };
        Assert.Equal("9", (await servers.RunAsync(language, start, code, ("env", env))).Data);
    }

    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task Its_memory_is_the_sandboxs(string language, string start)
    {
        var code = language == "python"
            ? "return len(bytearray(b'x') * (200 << 20)) >> 20"
            : "const kept = []; while (kept.length < 200) kept.push(Buffer.alloc(1 << 20, 1)); return kept.length;";

        Assert.Equal("200", (await servers.RunAsync(language, start, code, ("memory", "256M"), ("timeout", "1m"))).Data);
        Assert.Equal("oom", (await servers.RunAsync(language, start, code, ("memory", 64 << 20), ("timeout", "1m"))).Reason);
        Assert.Equal("oom", (await servers.RunAsync(language, start, code, ("timeout", "1m"))).Reason);
    }

    [Theory]
    [InlineData("warm")]
    [InlineData("spare")]
    [InlineData("cold")]
    public async Task V8s_heap_fits_its_memory(string start)
    {
        const string garbage = "let seen = 0; for (let round = 0; round < 50; round++) "
            + "seen += new Array(20_000).fill(0).map((_, id) => ({ id })).length; return seen";
        const string kept = "const { getHeapStatistics } = require('v8'), kept = []; "
            + "while (getHeapStatistics().used_heap_size < 150 << 20) for (let i = 0; i < 1000; i++) kept.push({ i, of: [i] }); return 1";
        const string full = "const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length + 0.5));";

        Assert.Equal("1000000", (await servers.RunAsync("javascript", start, garbage, ("memory", "48M"), ("timeout", "1m"))).Data);
        Assert.Equal("1", (await servers.RunAsync("javascript", start, kept, ("memory", "256M"), ("timeout", "1m"))).Data);
        foreach (var memory in (string[])["48M", "64M", "192M"])
        {
            var reply = await servers.RunAsync("javascript", start, full, ("memory", memory), ("timeout", "1m"));
            Assert.Equal("oom", reply.Reason);
            Assert.Contains("V8's heap", reply.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task Its_processors_are_the_sandboxs(string language, string start)
    {
        var code = language == "python"
            ? "import time\nend = time.monotonic() + 1\nwhile time.monotonic() < end: pass\nreturn time.process_time()"
            : "const end = performance.now() + 1000; while (performance.now() < end); return process.cpuUsage().user / 1e6;";

        var used = (await servers.RunAsync(language, start, code, ("cpus", 0.2), ("timeout", "1m"))).Body.GetProperty("data").GetDouble();

        Assert.InRange(used, 0.01, 0.5);
    }

    [Theory]
    [InlineData("warm")]
    [InlineData("spare")]
    [InlineData("cold")]
    public async Task Its_processes_are_the_sandboxs(string start)
    {
        const string code = "import os, time\nn = 0\ntry:\n    while n < 90:\n        if os.fork() == 0:\n            time.sleep(60)\n"
            + "            os._exit(0)\n        n += 1\nexcept BlockingIOError:\n    pass\nreturn n";

        Assert.InRange(int.Parse((await servers.RunAsync("python", start, code, ("pids", 16), ("timeout", "1m"))).Data, null), 8, 15);
        Assert.InRange(int.Parse((await servers.RunAsync("python", start, code, ("timeout", "1m"))).Data, null), 50, 63);
        Assert.Equal("90", (await servers.RunAsync("python", start, code, ("pids", 128), ("timeout", "1m"))).Data);
    }

    /// <summary>A /tmp of another size is mounted when a sandbox starts, so spares have one only while calls ask for it.</summary>
    [Theory]
    [InlineData("javascript", "warm")]
    [InlineData("javascript", "cold")]
    [InlineData("python", "warm")]
    [InlineData("python", "cold")]
    public async Task Its_tmp_is_the_sandboxs(string language, string start)
    {
        string Code(int megabytes) => language == "python"
            ? $"try:\n    open('/tmp/f', 'wb').write(b'x' * ({megabytes} << 20))\n    return 'fits'\nexcept OSError as e:\n    return e.strerror"
            : $"try {{ fs.writeFileSync('/tmp/f', Buffer.alloc({megabytes} << 20, 1)); return 'fits'; }} catch (e) {{ return e.code; }}";
        var full = language == "python" ? "\"No space left on device\"" : "\"ENOSPC\"";
        var prefix = language == "python" ? "" : "const fs = require('fs'); ";

        Assert.Equal(full, (await servers.RunAsync(language, start, prefix + Code(3), ("timeout", "1m"), ("tmpSize", "2M"))).Data);
        Assert.Equal("\"fits\"", (await servers.RunAsync(language, start, prefix + Code(3), ("timeout", "1m"), ("tmpSize", "4M"))).Data);
        Assert.Equal("\"fits\"", (await servers.RunAsync(language, start, prefix + Code(60), ("timeout", "1m"), ("tmpSize", "64M"), ("memory", "256M"))).Data);
        Assert.Equal(full, (await servers.RunAsync(language, start, prefix + Code(60), ("timeout", "1m"), ("memory", "256M"))).Data);
    }

    [Theory]
    [MemberData(nameof(ServersByStart.All), MemberType = typeof(ServersByStart))]
    public async Task A_script_is_told_its_limits(string language, string start)
    {
        var code = language == "python"
            ? "import os\ndef handler(event, context): return [int(context.memory_limit_in_mb), os.cpu_count()]"
            : "exports.handler = () => [process.constrainedMemory() >> 20, require('os').availableParallelism()];";

        var told = (await servers.RunAsync(language, start, code, ("memory", "200M"), ("cpus", 1.5))).Data;

        Assert.Equal("[200,1]", told);
    }

    [Theory]
    [InlineData("javascript", "const { X } = process.env; return X ?? null;")]
    [InlineData("python", "import os\nreturn os.environ.get('X')")]
    public async Task Versions_of_the_same_code_with_other_variables_share_nothing(string language, string code)
    {
        await using var server = await FaasServer.StartAsync();
        foreach (var (path, env) in (IEnumerable<(string, Dictionary<string, string>)>)
            [("one", new() { ["X"] = "1" }), ("two", new() { ["X"] = "2" }), ("none", [])])
        {
            using var upload = await server.PostAsync("/upload", new { path, language, code, env });
            Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
        }

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("\"1\"", (await server.RunAsync("one")).Data);
            Assert.Equal("\"2\"", (await server.RunAsync("two")).Data);
            Assert.Equal("null", (await server.RunAsync("none")).Data);
            Assert.Equal("null", (await server.RunNowAsync(language, code)).Data);
        }

        await server.EndAsync();
    }

    [Theory]
    [InlineData("javascript", "await new Promise((done) => setTimeout(done, event.ms)); Buffer.alloc(200 << 20, 1); return process.env.X;")]
    [InlineData("python", "import asyncio, os\nawait asyncio.sleep(event['ms'] / 1000)\nlen(bytearray(b'x') * (200 << 20))\nreturn os.environ['X']")]
    public async Task They_hold_for_calls_that_share_a_process(string language, string code)
    {
        await using var server = await FaasServer.StartAsync();
        using var upload = await server.PostAsync("/upload", new
        {
            path = "together",
            language,
            code,
            isolation = "shared",
            concurrency = 4,
            timeout = "5s",
            memory = "256M",
            env = new Dictionary<string, string> { ["X"] = "1" },
        });
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());

        var soon = server.RunAsync("together", new { ms = 1 });
        var late = await server.RunAsync("together", new { ms = 60_000 });

        Assert.Equal("\"1\"", (await soon).Data);
        Assert.Equal("The script ran longer than 5 s.", late.Body.GetProperty("detail").GetString());
        await server.EndAsync();
    }
}
