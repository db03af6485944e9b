using System.Net;
using System.Text.RegularExpressions;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>The file system of the embedded store's folder is full.</summary>
[TestLimit(300)]
public sealed class DiskFullTests
{
    [Fact]
    [Trait("Needs", "root")]
    public async Task Uploads_are_refused_what_was_acknowledged_stays_and_with_room_again_all_is_well()
    {
        using var disk = SmallDisk.Mount(megabytes: 12);
        await using var server = await FaasServer.StartAsync("faas.store.redis.timeout = 2", null, ("FAAS_DATA_DIR", disk.Folder));
        var kept = new Dictionary<long, int> { [await server.UploadAsync("kept", "python", "return 0")] = 0 };
        Assert.Equal("0", (await server.RunAsync("kept")).Data);

        disk.Fill();
        var refused = await UntilRefusedAsync(server, kept);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store"), (refused.Status, refused.Reason));
        Assert.NotNull(refused.RetryAfter);
        var why = $"the disk of {disk.Folder} is full";
        Assert.Contains(why, refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Eventually.HoldsAsync(
            async () => (await StoreCheckAsync(server)).Contains(why, StringComparison.Ordinal),
            TimeSpan.FromSeconds(10),
            () => "/readyz does not name the disk");
        await LogNamesAsync(server, why);
        Assert.Equal("0", (await server.RunAsync($"kept?version={kept.Keys.Min()}")).Data);

        disk.Empty();
        await Eventually.HoldsAsync(
            async () => (await TryUploadAsync(server, kept, 1)).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(20),
            () => $"uploads still fail\n{server.Log}");
        Assert.Equal("ok", await StoreCheckAsync(server));
        await AllIsKeptAsync(server, kept);
        Assert.Equal(0, await server.StopAsync());

        await using var next = await FaasServer.StartAsync("", server.Folder, ("FAAS_DATA_DIR", disk.Folder));
        await AllIsKeptAsync(next, kept);
        await next.EndAsync();
    }

    // What Redis said of its write, and why the server started it again.
    private static Task LogNamesAsync(FaasServer server, string why) => Eventually.HoldsAsync(
        () => Regex.IsMatch(server.Log, $@"warn: .* redis-server: .* # .*\({Regex.Escape(why)}\)")
            && server.Log.Contains($"Why: {why}: ", StringComparison.Ordinal),
        TimeSpan.FromSeconds(10),
        () => $"the log does not say that {why}\n{server.Log}");

    private static async Task<string> StoreCheckAsync(FaasServer server)
    {
        using var response = await server.Client.GetAsync(new Uri("/readyz", UriKind.Relative));
        var check = (await response.ReadAsync()).GetProperty("checks").GetProperty("store").GetString()!;
        Assert.True(check == "ok" || response.StatusCode == HttpStatusCode.ServiceUnavailable, check);
        return check;
    }

    private static async Task<Reply> UntilRefusedAsync(FaasServer server, Dictionary<long, int> kept)
    {
        for (var turn = 2; turn < 200; turn++)
        {
            var reply = await TryUploadAsync(server, kept, turn);
            if (reply.Status != HttpStatusCode.OK)
            {
                return reply;
            }
        }

        throw new InvalidOperationException("The disk does not get full.");
    }

    private static async Task<Reply> TryUploadAsync(FaasServer server, Dictionary<long, int> kept, int value)
    {
        // Long enough to need room, and quick to check.
        var reply = await server.ReplyAsync(
            "/upload",
            new { path = "kept", language = "python", code = $"return {value} # {new string((char)('a' + (value % 26)), 10_000)}" });
        if (reply.Status == HttpStatusCode.OK)
        {
            kept.Add(reply.Body.GetProperty("version").GetInt64(), value);
        }

        return reply;
    }

    private static async Task AllIsKeptAsync(FaasServer server, Dictionary<long, int> kept)
    {
        foreach (var (version, value) in kept)
        {
            Assert.Equal($"{value}", (await server.RunAsync($"kept?version={version}")).Data);
        }
    }
}
