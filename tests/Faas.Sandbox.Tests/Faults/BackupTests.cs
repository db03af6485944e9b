using System.Collections.Concurrent;
using System.Net;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>docs/operations.md: how the embedded store's folder is copied while the server runs, and what the copy is good for.</summary>
[TestLimit(300)]
public sealed class BackupTests
{
    private const int Before = 10;

    [Fact]
    public async Task A_copy_made_under_uploads_has_every_version_that_was_acknowledged_before()
    {
        await using var server = await FaasServer.StartAsync();
        var kept = new ConcurrentDictionary<long, int>();
        using var stop = new CancellationTokenSource();
        var uploading = UploadAsync(server, kept, stop.Token);
        await Eventually.HoldsAsync(() => kept.Count >= Before, TimeSpan.FromMinutes(1), () => "the uploads do not get on");

        var acknowledged = kept.ToArray();
        var folder = TestFolder.Create("faas-backup-");
        var data = Directory.CreateDirectory(Path.Combine(folder, "data", "redis")).FullName;
        HostProgram.Run("cp", "-a", Path.Combine(server.Folder, "data", "redis", "appendonlydir"), data);
        await stop.CancelAsync();
        await uploading;
        await server.EndAsync();
        HostProgram.Run("redis-check-aof", Path.Combine(data, "appendonlydir", "appendonly.aof.manifest"));

        await using var restored = await FaasServer.StartAsync("", folder);
        foreach (var (version, value) in acknowledged)
        {
            Assert.Equal($"{value}", (await restored.RunAsync($"kept?version={version}")).Data);
        }

        Assert.True(await restored.UploadAsync("kept", "python", "return -1") > acknowledged.Max(version => version.Key));
        await restored.EndAsync();
    }

    private static async Task UploadAsync(FaasServer server, ConcurrentDictionary<long, int> kept, CancellationToken stop)
    {
        for (var value = 0; !stop.IsCancellationRequested; value = (value + 1) % 5)
        {
            var reply = await server.ReplyAsync("/upload", new { path = "kept", language = "python", code = $"return {value}", force = true });
            Assert.Equal(HttpStatusCode.OK, reply.Status);
            kept[reply.Body.GetProperty("version").GetInt64()] = value;
        }
    }
}
