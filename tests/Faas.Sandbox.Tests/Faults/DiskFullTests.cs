using System.Net;

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
        Assert.Equal("0", (await server.RunAsync($"kept?version={kept.Keys.Min()}")).Data);

        disk.Empty();
        await Eventually.HoldsAsync(
            async () => (await TryUploadAsync(server, kept, 1)).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(20),
            () => $"uploads still fail\n{server.Log}");
        await AllIsKeptAsync(server, kept);
        Assert.Equal(0, await server.StopAsync());

        await using var next = await FaasServer.StartAsync("", server.Folder, ("FAAS_DATA_DIR", disk.Folder));
        await AllIsKeptAsync(next, kept);
        await next.EndAsync();
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
