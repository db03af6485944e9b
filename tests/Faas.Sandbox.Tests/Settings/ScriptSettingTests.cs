using System.Net;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.scripts</c> does.</summary>
public sealed class ScriptSettingTests
{
    [Fact]
    [Proves("scripts.snapshot-every")]
    public async Task Snapshot_every_so_many_uploads()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var server = await FaasServer.StartAsync("faas.scripts.snapshot-every = 3", null, redis.Environment);
        await server.UploadAsync("snap", "python", "return 1");
        await server.UploadAsync("snap", "python", "return 2");
        Assert.Equal(0, await redis.CountKeysAsync("faas:snapshot:*"));

        await server.UploadAsync("snap", "python", "return 3");

        await Eventually.HoldsAsync(
            async () => await redis.CountKeysAsync("faas:snapshot:*") == 1, TimeSpan.FromSeconds(5), () => "no snapshot");
        await server.EndAsync();
    }

    [Fact]
    [Proves("scripts.isolation")]
    public async Task Isolation_is_what_calls_share_unless_the_upload_says_otherwise()
    {
        await using var server = await FaasServer.StartAsync("faas.scripts.isolation = sandbox");
        await server.UploadAsync("alone", "python", "return 1");
        using var upload = await server.PostAsync(
            "/upload", new { path = "together", language = "python", code = "return 2", isolation = "process" }); // another text: checked

        // A call that comes before the processes of the last one are reaped may get another sandbox.
        Assert.DoesNotContain("warm", await StartsAsync(server, "alone"));
        Assert.Contains("warm", await StartsAsync(server, "together"));
        await server.EndAsync();
    }

    [Fact]
    [Proves("scripts.max-concurrency")]
    public async Task Max_concurrency_is_the_most_calls_that_an_upload_may_have_one_process_serve_at_once()
    {
        await using var server = await FaasServer.StartAsync("faas.scripts.max-concurrency = 2");
        using var most = await server.PostAsync(
            "/upload", new { path = "most", language = "python", code = "return 1", isolation = "shared", concurrency = 2 });
        using var more = await server.PostAsync(
            "/upload", new { path = "more", language = "python", code = "return 1", isolation = "shared", concurrency = 3 });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (most.StatusCode, more.StatusCode));
        Assert.Contains("allowed are 1 to 2", await more.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    [Proves("scripts.max-timeout")]
    public async Task Max_timeout_is_the_longest_time_that_an_author_may_ask_for()
    {
        await using var redis = await RedisServer.StartAsync();
        const string code = "import time\ntime.sleep(60)";
        await using (var generous = await FaasServer.StartAsync("faas.scripts.max-timeout = 2h", null, redis.Environment))
        {
            using var upload = await generous.PostAsync("/upload", new { path = "long", language = "python", code, timeout = "2h" });
            Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
            await generous.EndAsync();
        }

        await using var strict = await FaasServer.StartAsync(
            "faas { scripts.max-timeout = 5s, sandbox.timeout = 4s }", null, redis.Environment);
        using var most = await strict.PostAsync("/upload", new { path = "most", language = "python", code, timeout = 5 });
        var more = await strict.ReplyAsync("/upload", new { path = "more", language = "python", code, timeout = "5001ms" });

        Assert.True(most.IsSuccessStatusCode, await most.Content.ReadAsStringAsync());
        Assert.Equal(
            "\"timeout\" is \"5001ms\"; allowed are 10ms to 5s (faas.scripts.max-timeout).", more.Body.GetProperty("detail").GetString());
        Assert.Equal("The script ran longer than 5 s.", (await strict.RunAsync("long")).Body.GetProperty("detail").GetString());
        await strict.EndAsync();
    }

    [Fact]
    [Proves("scripts.keep-newest")]
    [Proves("scripts.keep-days")]
    public async Task Keep_newest_and_keep_days_say_which_versions_an_upload_leaves()
    {
        await using var newest = await FaasServer.StartAsync("faas.scripts.keep-newest = 2");
        await using var ofToday = await FaasServer.StartAsync("faas.scripts { keep-newest = 2, keep-days = 1 }");
        foreach (var (server, expected) in new[] { (newest, 2), (ofToday, 3) })
        {
            for (var i = 0; i < 3; i++)
            {
                await server.UploadAsync("kept", "python", $"return {i}");
            }

            using var reply = await server.Client.GetAsync(new Uri("/api/v1/scripts/kept", UriKind.Relative));
            Assert.Equal(expected, (await reply.ReadAsync()).GetProperty("versions").GetInt32());
            await server.EndAsync();
        }
    }

    [Fact]
    [Proves("scripts.max-memory")]
    [Proves("scripts.max-cpus")]
    [Proves("scripts.max-pids")]
    [Proves("scripts.max-tmp-size")]
    public async Task The_other_ceilings_are_the_most_that_an_author_may_ask_for_and_older_versions_get_no_more()
    {
        await using var redis = await RedisServer.StartAsync();
        const string code = "import os\nfiles = os.statvfs('/tmp')\n"
            + "def handler(event, context): return [int(context.memory_limit_in_mb), os.cpu_count(), files.f_blocks * files.f_frsize >> 20]";
        var asked = new { path = "large", language = "python", code, memory = "300M", cpus = 2, pids = 100, tmpSize = "80M" };
        var processors = Math.Min(2, Environment.ProcessorCount);
        await using (var generous = await FaasServer.StartAsync(
            "faas.scripts { max-memory = 300M, max-cpus = 2, max-pids = 100, max-tmp-size = 80M }", null, redis.Environment))
        {
            using var upload = await generous.PostAsync("/upload", asked);
            Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
            Assert.Equal($"[300,{processors},80]", (await generous.RunAsync("large")).Data);
            await generous.EndAsync();
        }

        await using var strict = await FaasServer.StartAsync(
            "faas.scripts { max-memory = 200M, max-cpus = 1, max-pids = 80, max-tmp-size = 64M }", null, redis.Environment);
        foreach (var (body, detail) in (IEnumerable<(object, string)>)
        [
            (new { language = "python", code, memory = "300M" }, "\"memory\" is \"300M\"; allowed are 32M to 200M (faas.scripts.max-memory)."),
            (new { language = "python", code, cpus = 2 }, "\"cpus\" is 2; allowed are 0.01 to 1 (faas.scripts.max-cpus)."),
            (new { language = "python", code, pids = 100 }, "\"pids\" is 100; allowed are 8 to 80 (faas.scripts.max-pids)."),
            (new { language = "python", code, tmpSize = "80M" }, "\"tmpSize\" is \"80M\"; allowed are 64k to 64M (faas.scripts.max-tmp-size)."),
        ])
        {
            Assert.Equal(detail, (await strict.ReplyAsync("/run-now", body)).Body.GetProperty("detail").GetString());
        }

        Assert.Equal("[200,1,64]", (await strict.RunAsync("large")).Data);
        await strict.EndAsync();
    }

    [Fact]
    [Proves("scripts.max-min-warm")]
    public async Task Max_min_warm_is_the_most_sandboxes_that_stay_bound_to_a_version()
    {
        await using var server = await FaasServer.StartAsync("faas { scripts.max-min-warm = 1, pool.spares { node = 0, python = 0, max = 0 } }");
        var more = await server.ReplyAsync("/upload", new { path = "more", language = "python", code = "return 1", minWarm = 2 });
        using var most = await server.PostAsync("/upload", new { path = "most", language = "python", code = "return 2", minWarm = 1 });

        Assert.Equal(
            "\"minWarm\" is 2; allowed are 0 to 1 (faas.scripts.max-min-warm).", more.Body.GetProperty("detail").GetString());
        Assert.True(most.IsSuccessStatusCode, await most.Content.ReadAsStringAsync());
        await Eventually.HoldsAsync(
            async () => (await server.LookAsync()).Pool.Idle == 1, TimeSpan.FromSeconds(30), () => "no sandbox is bound");
        await server.EndAsync();
    }

    [Fact]
    [Proves("scripts.max-files")]
    public async Task Max_files_is_the_most_source_files_of_a_script()
    {
        await using var server = await FaasServer.StartAsync("faas { scripts.max-files = 2, pool.spares { node = 0, python = 0, max = 0 } }");
        object Upload(int files) => new
        {
            path = "several", language = "python", sources = Enumerable.Range(1, files).Select(n => new { name = n == 1 ? "main.py" : $"{n}.py", text = "1" }),
        };
        var more = await server.ReplyAsync("/upload", Upload(3));
        using var most = await server.PostAsync("/upload", Upload(2));

        Assert.Equal("\"sources\" has more than 2 files; allowed are 2 (faas.scripts.max-files).", more.Body.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, more.Status);
        Assert.True(most.IsSuccessStatusCode, await most.Content.ReadAsStringAsync());
        await server.EndAsync();
    }

    [Fact]
    [Proves("scripts.code-cache-size")]
    public async Task Code_cache_size_decides_whether_code_is_read_again_from_the_store()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cached = await FaasServer.StartAsync("", null, redis.Environment);
        await using var uncached = await FaasServer.StartAsync(
            "faas.scripts.code-cache-size = 0\nfaas.store.redis.lease = 0", null, redis.Environment);
        await cached.UploadAsync("cache", "python", "return 1");
        Assert.Equal("1", (await cached.RunAsync("cache")).Data);
        Assert.Equal("1", (await uncached.RunAsync("cache")).Data);

        await redis.DeleteKeysAsync("faas:code:*");

        Assert.Equal("1", (await cached.RunAsync("cache")).Data);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await uncached.RunAsync("cache")).Status);
        await cached.EndAsync();
        await uncached.EndAsync();
    }

    [Fact]
    [Proves("scripts.passivate-after")]
    public async Task Passivate_after_is_when_a_script_is_read_again_from_the_store()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var forgetful = await FaasServer.StartAsync(
            "faas.scripts.passivate-after = 1s\nfaas.store.redis.lease = 0", null, redis.Environment);
        await forgetful.UploadAsync("passive", "python", "return 1");
        await redis.DeleteKeysAsync("faas:*");
        Assert.Equal("1", (await forgetful.RunAsync("passive")).Data);

        await Task.Delay(TimeSpan.FromSeconds(3));

        Assert.Equal(HttpStatusCode.NotFound, (await forgetful.RunAsync("passive")).Status);
        await forgetful.EndAsync();
    }

    [Fact]
    [Proves("scripts.compile-timeout")]
    public async Task Compile_timeout_ends_a_compiler_that_hangs()
    {
        var folder = TestFolder.Create("faas-esbuild-");
        var hanging = Path.Combine(folder, "esbuild");
        await File.WriteAllTextAsync(hanging, "#!/bin/sh\n[ \"$1\" = --version ] && { echo 0.0.0; exit; }\nexec sleep 60\n");
        File.SetUnixFileMode(hanging, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var server = await FaasServer.StartAsync(
            $"faas {{ sandbox.esbuild = \"{hanging}\", scripts.compile-timeout = 300ms }}");

        var reply = await server.RunNowAsync("typescript", "return 1");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "sandbox"), (reply.Status, reply.Reason));
        Assert.Equal("1", (await server.RunNowAsync("javascript", "return 1")).Data);
        await server.EndAsync();
        Directory.Delete(folder, true);
    }

    private static async Task<IReadOnlyList<string>> StartsAsync(FaasServer server, string path)
    {
        var starts = new List<string>();
        while (starts.Count < 10 && !starts.Contains("warm"))
        {
            using var reply = await server.PostAsync($"/run/{path}", new { });
            starts.Add(reply.Headers.GetValues("X-Start").Single());
        }

        return starts;
    }
}
