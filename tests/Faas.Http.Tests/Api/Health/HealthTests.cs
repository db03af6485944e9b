using System.Net;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Sandboxes.Doctor;
using Faas.Actors.Scripts;
using Faas.Http.Server.Doctor;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Api.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task It_is_alive()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.Client.GetAsync("/healthz");
        Assert.Equal((HttpStatusCode.OK, """{"status":"alive"}"""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task It_is_ready_when_a_script_could_run()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.Client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"status":"ready","durability":"always","checks":{"accepting":"ok","store":"ok","sandboxes":"ok","walls":"ok"},"pool":{"starting":0,"spare":2,"idle":0,"busy":0,"waiting":0,"heldBytes":0,"memoryBytes":0}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task It_says_which_check_fails_and_why()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Store.Failure = new StoreException("no answer in 5 s");
        faas.Pool.Answer = message =>
            message is GetPoolStatus
                ? new PoolStatus(1, 0, 0, 0, 0, "bwrap: not found; install bubblewrap")
                : FaasUnderTest.AnswerOfPool(message);
        using var response = await faas.Client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(
            """{"status":"not ready","checks":{"accepting":"ok","store":"The store does not answer: no answer in 5 s","sandboxes":"bwrap: not found; install bubblewrap","walls":"ok"},"pool":{"starting":1,"spare":0,"idle":0,"busy":0,"waiting":0,"heldBytes":0,"memoryBytes":0}}""",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_store_that_answers_and_takes_no_writes_is_told()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Store.WhyNotWritable = "The store cannot be written: the disk of /data is full.";
        using var response = await faas.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var reply = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"store\":\"The store cannot be written: the disk of /data is full.\"", reply, StringComparison.Ordinal);
        Assert.Contains("\"durability\":\"always\"", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wall_that_is_missing_is_told()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Services.GetRequiredService<WallReport>().Checks = [WallCheck.Stands("network", "lo only"), WallCheck.Missing(
            "seccomp filter", "mode 0", "use another kernel")];
        using var response = await faas.Client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("\"walls\":\"seccomp filter: mode 0\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_names_what_limits_the_sandboxes_and_how_they_are_started()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var report = faas.Services.GetRequiredService<WallReport>();
        (report.Limits, report.Launch) = ("cgroup v1", "fork");
        using var response = await faas.Client.GetAsync("/readyz");

        Assert.StartsWith("""{"status":"ready","limits":"cgroup v1","launch":"fork","durability":"always","checks":{""", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_that_fail_again_and_again_are_told_though_there_is_a_sandbox()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Pool.Answer = message =>
            message is GetPoolStatus ? new PoolStatus(0, 1, 1, 1, 0, "node: no such file", 4) : FaasUnderTest.AnswerOfPool(message);
        using var response = await faas.Client.GetAsync("/readyz");

        Assert.Contains(
            "\"sandboxes\":\"The last 4 starts failed; node: no such file\"",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, null, 0, true)]
    [InlineData(1, 0, 0, "failed once", 1, true)]
    [InlineData(0, 1, 0, "failed twice", 2, true)]
    [InlineData(0, 0, 1, "failed once", 1, true)]
    [InlineData(0, 0, 0, "failed", 1, false)]
    [InlineData(1, 1, 1, "failed again", 3, false)]
    public async Task Sandboxes_are_fine_while_there_is_one_or_nothing_speaks_against_making_one(
        int spare, int idle, int busy, string? error, int failures, bool isReady)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Pool.Answer = message =>
            message is GetPoolStatus ? new PoolStatus(0, spare, idle, busy, 0, error, failures) : FaasUnderTest.AnswerOfPool(message);
        using var response = await faas.Client.GetAsync("/readyz");
        Assert.Equal(isReady, response.StatusCode == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Head_answers_like_get_without_a_body(string path)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.True(response.Content.Headers.ContentLength > 0);
    }
}
