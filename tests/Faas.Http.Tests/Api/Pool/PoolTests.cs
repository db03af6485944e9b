using System.Net;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Pool.Scheduler;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Api.Pool;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Pool;

public sealed class PoolTests
{
    private static readonly SandboxView s_busy = new(
        "node-3", new ImageKey(Runtime.Node), FleetStage.Busy, TimeSpan.FromSeconds(5), 4096, 2, "math/add", 7, 1);

    private static readonly RunView s_run = new("abc~1", "math/add", 7, RunMode.Execute, TimeSpan.FromSeconds(5), "node-3");

    private static readonly PoolView s_view = new(
        TimeSpan.FromSeconds(9), new PoolStatus(0, 1, 0, 1, 0, null), [s_busy], [s_run])
    {
        Origin = new DateTimeOffset(2026, 2, 8, 7, 33, 20, TimeSpan.Zero),
    };

    [Fact]
    public async Task Every_sandbox_and_every_run_is_shown()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        Showing(faas, () => s_view);

        using var response = await faas.Client.GetAsync("/api/v1/pool");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var pool = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(1, pool.GetProperty("counts").GetProperty("busy").GetInt32());
        var sandbox = pool.GetProperty("sandboxes")[0];
        Assert.Equal(("node-3", "node", "busy"), (Text(sandbox, "name"), Text(sandbox, "image"), Text(sandbox, "state")));
        Assert.Equal(("math/add", 7), (Text(sandbox, "path"), sandbox.GetProperty("version").GetInt64()));
        Assert.Equal("2026-02-08T07:33:25Z", Text(sandbox, "since"));
        var run = pool.GetProperty("runs")[0];
        Assert.Equal(("abc~1", "execute", "node-3"), (Text(run, "id"), Text(run, "mode"), Text(run, "sandbox")));
    }

    [Fact]
    public async Task A_run_is_cancelled_by_its_id()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        Showing(faas, () => s_view);

        using var cancelled = await faas.Client.DeleteAsync("/api/v1/pool/runs/abc~1");
        using var unknown = await faas.Client.DeleteAsync("/api/v1/pool/runs/abc~2");

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal("abc~1", (await faas.Pool.Next<CancelRun>()).RunId);
        Assert.Equal("No run \"abc~2\" is under way.", await unknown.ProblemAsync(404, "not_found"));
    }

    [Theory]
    [InlineData("/api/v1/pool", "application/json")]
    [InlineData("/api/v1/pool/events", "text/event-stream")]
    [InlineData("/api/v1/keys", "application/json")]
    public async Task HEAD_has_the_headers_of_GET_and_ends(string path, string type)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        Showing(faas, () => s_view);
        using var response = await faas.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/api/v1/pool")]
    [InlineData("GET", "/api/v1/pool/events")]
    [InlineData("DELETE", "/api/v1/pool/runs/abc~1")]
    public async Task Only_admins_see_it(string method, string path)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Api-Key", Keys.Write);
        using var response = await faas.Client.SendAsync(request);
        await response.ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task A_watcher_gets_the_pool_and_then_each_change()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var view = s_view;
        Showing(faas, () => Volatile.Read(ref view));
        using var response = await faas.Client.GetAsync("/api/v1/pool/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("pool", Text(await NextAsync(events), "event"));
        Volatile.Write(
            ref view,
            s_view with { Now = TimeSpan.FromSeconds(10), Sandboxes = [s_busy with { Stage = FleetStage.Idle, Runs = 0 }], Runs = [] });

        var changed = await NextAsync(events);
        Assert.Equal(("sandbox", "idle"), (Text(changed, "event"), Text(changed.GetProperty("sandbox"), "state")));
        var gone = await NextAsync(events);
        Assert.Equal(("run_gone", "abc~1"), (Text(gone, "event"), Text(gone, "name")));
    }

    [Fact]
    public async Task A_watcher_does_not_hold_up_the_end_of_the_server()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        Showing(faas, () => s_view);
        using var response = await faas.Client.GetAsync("/api/v1/pool/events", HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        await NextAsync(events);

        await faas.StopAsync();

        Assert.Equal("\n", await events.ReadToEndAsync());
    }

    [Fact]
    public void Nothing_is_told_of_what_stays_the_same()
    {
        var later = s_view with { Now = TimeSpan.FromMinutes(1), Sandboxes = [s_busy with { }], Runs = [s_run with { }] };
        Assert.Empty(PoolChanges.Between(s_view, later));
    }

    [Fact]
    public void What_is_new_has_changed_or_has_gone_is_told_once()
    {
        var fresh = s_busy with { Name = "python-4" };
        var later = s_view with { Status = s_view.Status with { Busy = 2 }, Sandboxes = [s_busy with { Uses = 3 }, fresh], Runs = [] };

        var changes = PoolChanges.Between(s_view, later);

        Assert.Equal(["sandbox", "sandbox", "run_gone", "counts"], changes.Select(change => change.Event));
        Assert.Equal(["node-3", "python-4"], changes.Take(2).Select(change => change.Sandbox!.Name));
    }

    private static void Showing(FaasUnderTest faas, Func<PoolView> view) =>
        faas.Pool.Answer = message => message is GetPoolView ? view() : FaasUnderTest.AnswerOfPool(message);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<JsonElement> NextAsync(StreamReader events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var line = await events.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The stream has ended.");
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }
    }
}
