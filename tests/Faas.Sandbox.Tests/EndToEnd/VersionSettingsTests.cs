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
    [InlineData("javascript", "await new Promise((done) => setTimeout(done, event.ms)); return process.env.X;")]
    [InlineData("python", "import asyncio, os\nawait asyncio.sleep(event['ms'] / 1000)\nreturn os.environ['X']")]
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
