using System.Net.Http.Json;
using System.Diagnostics;
using Faas.Actors.Sandboxes.Cgroups;

namespace Faas.Sandbox.Tests.Settings;

/// <summary>What each key under <c>faas.sandbox</c> does.</summary>
public sealed class SandboxSettingTests
{
    [Fact]
    [Proves("sandbox.timeout")]
    public async Task Timeout_ends_an_invocation()
    {
        await using var server = await FaasServer.StartAsync("faas.sandbox.timeout = 300ms");
        var watch = Stopwatch.StartNew();

        var reply = await server.RunNowAsync("python", "import time\ntime.sleep(20)");

        Assert.Equal("timeout", reply.Reason);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.3, 10);
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.memory")]
    public async Task Memory_is_the_whole_sandboxs()
    {
        const string code = "return len(bytearray(b'x') * 90_000_000)";
        await using var small = await FaasServer.StartAsync("faas.sandbox.memory = 64M");
        await using var large = await FaasServer.StartAsync("faas.sandbox.memory = 256M");

        Assert.Equal("oom", (await small.RunNowAsync("python", code)).Reason);
        Assert.Equal("90000000", (await large.RunNowAsync("python", code)).Data);
        await small.EndAsync();
        await large.EndAsync();
    }

    [Fact]
    [Proves("sandbox.cpus")]
    public async Task Cpus_bound_the_processor_time_a_wall_second_can_hold()
    {
        const string code = "import time\nend = time.monotonic() + 1\nwhile time.monotonic() < end: pass\nreturn time.process_time() < 0.6";
        await using var quarter = await FaasServer.StartAsync("faas.sandbox.cpus = 0.25");

        Assert.Equal("true", (await quarter.RunNowAsync("python", code)).Data);
        await quarter.EndAsync();
    }

    [Fact]
    [Proves("sandbox.pids")]
    public async Task Pids_bound_processes_and_threads()
    {
        const string code = "import os, time\nn = 0\ntry:\n    while n < 40:\n        if os.fork() == 0:\n            time.sleep(5)\n            os._exit(0)\n        n += 1\nexcept BlockingIOError:\n    pass\nreturn n";
        await using var few = await FaasServer.StartAsync("faas.sandbox.pids = 12");
        await using var many = await FaasServer.StartAsync("faas.sandbox.pids = 64");

        Assert.InRange(int.Parse((await few.RunNowAsync("python", code)).Data, null), 1, 11);
        Assert.Equal("40", (await many.RunNowAsync("python", code)).Data);
        await few.EndAsync();
        await many.EndAsync();
    }

    [Fact]
    [Proves("sandbox.tmp-size")]
    public async Task Tmp_size_bounds_what_tmp_holds()
    {
        const string code = "try:\n    open('/tmp/f', 'wb').write(b'x' * 3_000_000)\n    return 'fits'\nexcept OSError as e:\n    return e.strerror";
        await using var server = await FaasServer.StartAsync("faas.sandbox.tmp-size = 1M");

        Assert.Equal("\"No space left on device\"", (await server.RunNowAsync("python", code)).Data);
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.output-limit")]
    [Proves("sandbox.result-limit")]
    public async Task Output_limit_and_result_limit_end_an_invocation()
    {
        await using var server = await FaasServer.StartAsync("faas.sandbox { output-limit = 2k, result-limit = 1k }");

        Assert.Equal("1", (await server.RunNowAsync("python", "print('x' * 1500)\nreturn 1")).Data);
        Assert.Equal("output_limit", (await server.RunNowAsync("python", "print('x' * 2500)\nreturn 1")).Reason);
        Assert.Equal("output_limit", (await server.RunNowAsync("python", "return 'x' * 1500")).Reason);
        await server.EndAsync();
    }

    [Theory]
    [InlineData("fork")]
    [InlineData("exec")]
    [Proves("sandbox.launch")]
    public async Task Launch_says_how_sandboxes_are_started(string launch)
    {
        await using var server = await FaasServer.StartAsync($"faas.sandbox.launch = {launch}");

        Assert.Contains($"Faas starts sandboxes by {launch}\n", server.Log, StringComparison.Ordinal);
        using var ready = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(launch, (await ready.ReadAsync()).GetProperty("launch").GetString());
        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        Assert.Equal(launch == "fork", HostProcess.Of(server.FirstUid, server.FirstUid + 1).Count > 0 || !Environment.IsPrivilegedProcess);
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.launch")]
    public async Task Launch_takes_no_other_word()
    {
        var wrong = await FaasServer.StartAndFailAsync("faas.sandbox.launch = spawn");

        Assert.Equal(78, wrong.ExitCode);
        Assert.Contains("faas.sandbox.launch = \"spawn\"", wrong.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max-sandboxes = 2")]
    [InlineData("max-age = 1s")]
    [Proves("sandbox.mothers.max-sandboxes")]
    [Proves("sandbox.mothers.max-age")]
    [Trait("Needs", "root")]
    public async Task A_mother_is_replaced_after_so_many_sandboxes_or_so_long_and_the_old_one_goes(string bound)
    {
        await using var server = await FaasServer.StartAsync($"faas.sandbox {{ launch = fork, mothers {{ {bound} }} }}");
        await server.RunNowAsync("python", "return 1");
        var first = server.Mothers();

        await Eventually.HoldsAsync(
            async () =>
            {
                await server.RunNowAsync("python", "return 1");
                await server.RunNowAsync("javascript", "return 1");
                return !server.Mothers().Intersect(first).Any();
            },
            TimeSpan.FromMinutes(1),
            () => $"{string.Join(' ', server.Mothers())} are still of {string.Join(' ', first)}");
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.mothers.per-key")]
    [Trait("Needs", "root")]
    public async Task With_a_mother_per_key_callers_of_different_keys_share_no_mother_and_no_sandbox()
    {
        const string keys = "\"a:invoke+execute+write:secret-of-key-a-0001\", \"b:invoke+execute+write:secret-of-key-b-0001\"";
        const string code = "import time\nreturn [id(None), hash('x'), time.clock_gettime(time.CLOCK_BOOTTIME) > 0]";
        await using var server = await FaasServer.StartAsync(
            $"faas {{ http.api-keys = [{keys}], sandbox.launch = fork, sandbox.mothers.per-key = true }}");
        async Task<string> RunAsync(string path, string key, object body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Add("X-Api-Key", $"secret-of-key-{key}-0001");
            using var response = await server.Client.SendAsync(request);
            return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }

        await RunAsync("/upload", "a", new { path = "layout", language = "python", code });
        string[] ofStored = [await RunAsync("/run/layout", "a", new { }), await RunAsync("/run/layout", "b", new { })];
        string[] ofText =
        [
            await RunAsync(
                "/run-now", "a", new { language = "python", code }), await RunAsync("/run-now", "b", new { language = "python", code }),
        ];

        Assert.Equal((ofStored[0], ofStored[1]), (ofText[0], ofText[1]));
        Assert.NotEqual(ofStored[0], ofStored[1]);
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.first-uid")]
    public async Task The_user_after_first_uid_is_that_of_the_first_sandbox()
    {
        await using var server = await FaasServer.StartAsync("faas.sandbox.first-uid = 3999000\nfaas.pool.spares { node = 0, python = 1 }");

        await Eventually.HoldsAsync(
            () => SandboxedProcess.All(3999001, 3999010).Count > 0, TimeSpan.FromSeconds(10), () => "no process under that user");
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.limits")]
    public async Task Limits_are_enforced_unless_unlimited_is_written_out()
    {
        var wrong = await FaasServer.StartAndFailAsync("faas.sandbox.limits = off");
        await using var server = await FaasServer.StartAsync("faas.sandbox { limits = unlimited, memory = 64M }");

        Assert.Equal(78, wrong.ExitCode);
        Assert.Contains("faas.sandbox.limits = \"off\"", wrong.Log, StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.limits")]
    public async Task Limits_may_be_wanted_of_one_driver_which_the_start_and_the_doctor_name()
    {
        await using var server = await FaasServer.StartAsync();
        using var ready = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        var name = (await ready.ReadAsync()).GetProperty("limits").GetString()!;
        var word = name.StartsWith("systemd", StringComparison.Ordinal) ? "systemd" : name.Replace(' ', '-');
        var doctor = await FaasServer.ExamineAsync($"faas.sandbox.limits = {word}", server.Folder);

        Assert.Contains($"Faas limits sandboxes by {name}\n", server.Log, StringComparison.Ordinal);
        Assert.Contains($"; limits come from {name}.\n", doctor.Log, StringComparison.Ordinal);
        await server.EndAsync();
    }

    [Fact]
    [Proves("sandbox.limits")]
    public async Task A_driver_that_is_wanted_and_does_not_work_stops_the_start_with_its_own_reason()
    {
        var word = CgroupMounts.Own().V1.ContainsKey("memory") ? "cgroup-v2" : "cgroup-v1"; // a controller belongs to one version

        var (exitCode, log) = await FaasServer.StartAndFailAsync($"faas.sandbox.limits = {word}");

        Assert.Equal(69, exitCode);
        Assert.StartsWith(
            $"faas: faas.sandbox.limits = {word} does not work here: no controller memory, cpu, pids ", log, StringComparison.Ordinal);
        Assert.Single(log.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("python")]
    [InlineData("node")]
    [InlineData("esbuild")]
    [InlineData("runtimes-dir")]
    [Proves("sandbox.bubblewrap")]
    [Proves("sandbox.python")]
    [Proves("sandbox.node")]
    [Proves("sandbox.esbuild")]
    [Proves("sandbox.runtimes-dir")]
    public async Task A_program_or_folder_that_is_not_there_stops_the_start_with_a_line_that_names_it(string key)
    {
        var (exitCode, log) = await FaasServer.StartAndFailAsync($"faas.sandbox.{key} = \"/no/such/place\"");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("/no/such/place", log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Fact]
    [Proves("sandbox.start-timeout")]
    public async Task Start_timeout_ends_the_wait_for_a_runtime_that_says_nothing()
    {
        var watch = Stopwatch.StartNew();
        var (exitCode, log) = await FaasServer.StartAndFailAsync("faas.sandbox { python = \"/usr/bin/yes\", start-timeout = 500ms }");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("python", log, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.1, 20);
    }
}
