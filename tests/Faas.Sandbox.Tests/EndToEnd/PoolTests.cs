using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>What an operator sees of a real pool, and ends.</summary>
[Collection(nameof(SharedServer))]
public sealed class PoolTests(SharedServer shared)
{
    private static readonly Uri s_pool = new("/api/v1/pool", UriKind.Relative);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_run_that_is_under_way_is_seen_with_its_sandbox_and_can_be_cancelled()
    {
        await shared.Server.UploadAsync("pool/sleeper", "python", "import time\ntime.sleep(9)");
        var call = shared.Server.Client.PostAsync(new Uri("/run/pool/sleeper", UriKind.Relative), null);
        string? id = null;
        await Eventually.HoldsAsync(async () => (id = await RunOfAsync("pool/sleeper")) is not null, s_patience, () => "no sandbox executes the run");

        using var cancelled = await shared.Server.Client.DeleteAsync(new Uri($"/api/v1/pool/runs/{id}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        using var response = await call;
        Assert.Equal("cancelled", (await response.ReadAsync()).GetProperty("reason").GetString());
        await Eventually.HoldsAsync(async () => await RunOfAsync("pool/sleeper") is null, s_patience, () => "the run is still there");
    }

    // The id of a run of the script that a sandbox executes; null: there is none.
    private async Task<string?> RunOfAsync(string path)
    {
        using var response = await shared.Server.Client.GetAsync(s_pool);
        var pool = await response.ReadAsync();
        var run = pool.GetProperty("runs").EnumerateArray()
            .Where(run => run.GetProperty("path").GetString() == path && run.TryGetProperty("sandbox", out _))
            .ToArray();
        if (run is not [var only])
        {
            return null;
        }

        var sandbox = pool.GetProperty("sandboxes").EnumerateArray()
            .Single(sandbox => sandbox.GetProperty("name").GetString() == only.GetProperty("sandbox").GetString());
        Assert.Equal(
            ("busy", path, 1), (sandbox.GetProperty("state").GetString(), sandbox.GetProperty("path").GetString(), sandbox.GetProperty("runs").GetInt32()));
        return only.GetProperty("id").GetString();
    }
}
