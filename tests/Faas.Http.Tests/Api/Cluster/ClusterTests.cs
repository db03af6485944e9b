using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Faas.Actors.Cluster;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Api.Cluster;

public sealed class ClusterTests
{
    private static readonly DateTimeOffset s_since = new(2026, 2, 8, 7, 33, 20, TimeSpan.Zero);
    private static readonly ClusterAddress s_other = new("10.0.0.2", 4053);

    [Fact]
    public async Task A_server_without_a_cluster_says_so_and_nothing_else()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        Assert.Equal("""{"enabled":false}""", await faas.Client.GetStringAsync("/api/v1/cluster"));
    }

    [Fact]
    public async Task A_node_shows_the_members_and_its_own_load()
    {
        await using var faas = await NodeAsync();
        Members(faas).Set(Alone(faas)
            .With(s_other, MemberState.Up, ["faas"], s_since)
            .WithReachability(s_other, isReachable: false, s_since.AddHours(1)));

        Assert.Equal(
            """{"enabled":true,"self":"127.0.0.1:4053","whyNot":"This node reaches 1 of the 2 members of its cluster.","members":["""
            + """{"address":"10.0.0.2:4053","state":"up","reachable":false,"roles":["faas"],"since":"2026-02-08T08:33:20Z"},"""
            + """{"address":"127.0.0.1:4053","state":"up","reachable":true,"roles":["faas"],"since":"2026-02-08T07:33:20Z","""
            + "\"pool\":" + """{"running":8,"free":8,"waiting":0,"spares":2,"warm":0,"draining":false}}],"""
            + "\"load\":" + """{"starting":0,"spare":2,"idle":0,"busy":0,"waiting":0,"heldBytes":0,"memoryBytes":0}}""",
            await faas.Client.GetStringAsync("/api/v1/cluster"));
    }

    [Fact]
    public async Task A_node_that_may_not_work_is_not_ready_and_refuses_new_work_and_still_shows_what_there_is()
    {
        await using var faas = await NodeAsync();
        Assert.Equal("This node is no member of its cluster yet.", await ReadinessAsync(faas, HttpStatusCode.ServiceUnavailable));

        using var refused = await faas.Client.PostAsJsonAsync("/run/math/add", new { });
        Assert.Equal("This node is no member of its cluster yet.", await refused.ProblemAsync(503, "cluster"));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.True(refused.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, (await faas.Client.GetAsync("/api/v1/cluster")).StatusCode);

        Members(faas).Set(Alone(faas));
        Assert.Equal("ok", await ReadinessAsync(faas, HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.OK, (await faas.Client.PostAsJsonAsync("/run/math/add", new { })).StatusCode);
    }

    private static Task<FaasUnderTest> NodeAsync() => FaasUnderTest.StartAsync(
        options: options => options with { Cluster = options.Cluster with { Enabled = true } });

    private static ClusterMembership Members(FaasUnderTest faas) => faas.Services.GetRequiredService<ClusterMembership>();

    private static Membership Alone(FaasUnderTest faas) =>
        Members(faas).Now!.With(Members(faas).Now!.Self, MemberState.Up, ["faas"], s_since);

    private static async Task<string?> ReadinessAsync(FaasUnderTest faas, HttpStatusCode status)
    {
        using var response = await faas.Client.GetAsync("/readyz");
        Assert.Equal(status, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("checks").GetProperty("cluster").GetString();
    }
}
