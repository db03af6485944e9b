using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Faas.Actors.Linux;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Cgroups;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Starts real mothers, with bubblewrap.</summary>
/// <param name="site">What is prepared on the machine.</param>
public sealed class MotherLauncher(LaunchSite site) : IMotherLauncher
{
    // What all of her children share, and children that are being made; and what the kernel charges to her for each living child.
    private const long OwnMemoryBytes = 512L << 20;
    private const long ChildMemoryBytes = 2L << 20;
    private const int Pids = 1024;
    private const byte Go = (byte)'x';
    private static readonly JsonSerializerOptions s_info = new() { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower };
    private static readonly int s_lastCapability = int.Parse(
        File.ReadAllText("/proc/sys/kernel/cap_last_cap"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async Task<IMotherProcess> StartAsync(ImageKey image, CancellationToken cancellation)
    {
        var name = $"mother.{site.NextName()}";
        ISandboxCgroup? cgroup = null;
        MeetingPlace? place = null;
        BubblewrapMother? mother = null;
        try
        {
            cgroup = await site.MakeCgroupAsync(name, LimitsOfMother());
            place = new MeetingPlace(site.Folder.MeetingPlace(name), site.MothersUid);
            var plan = site.Plan(image, site.MothersUid, cgroup) with
            {
                Filter = site.Folder.MotherFilter,
                TmpBytes = site.Options.MostTmpBytes, // her children inherit the limit on the size of a file, and lower it
            };
            var command = MotherCommand.Build(plan, place.Folder);
            var process = await site.Spawner.RunAsync(
                () => BubblewrapSpawn.Start(command, MotherCommand.Limits(plan), cgroup.Prefix.Environment), cancellation);
            mother = new BubblewrapMother(process, cgroup, place);
            site.AwaitMother(mother.Exited);
            if (plan.Uid is { } uid)
            {
                await MapUsersAsync(mother, uid, cancellation);
            }

            mother.Send(FirstOrder());
            return mother;
        }
        catch (Exception failure)
        {
            var exit = await ReleaseAsync(mother, place, cgroup);
            if (failure is IOException or UnauthorizedAccessException or Win32Exception or JsonException)
            {
                throw new SandboxStartException($"No mother can be started: {failure.Message} {exit?.Stderr}".TrimEnd(), failure);
            }

            throw;
        }
    }

    private static async Task<SandboxExit?> ReleaseAsync(BubblewrapMother? mother, MeetingPlace? place, ISandboxCgroup? cgroup)
    {
        if (mother is not null)
        {
            await mother.DisposeAsync();
            return await mother.Exited;
        }

        place?.Dispose();
        await (cgroup?.RemoveAsync() ?? Task.CompletedTask);
        return null;
    }

    // Only root may map users other than its own. Bubblewrap has told the pid of its child, and waits for one byte.
    private static async Task MapUsersAsync(BubblewrapMother mother, long uid, CancellationToken cancellation)
    {
        var info = await ReadInfoAsync(mother.Output, cancellation);
        var map = string.Create(CultureInfo.InvariantCulture, $"0 {uid} {MotherCommand.Users}\n");
        foreach (var kind in (string[])["uid_map", "gid_map"])
        {
            await File.WriteAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{info.ChildPid}/{kind}"), map, cancellation);
        }

        await mother.WriteAsync(new byte[] { Go });
    }

    // A JSON object over several lines. Bubblewrap writes nothing behind it, and the mother is silent until she has read.
    private static async Task<BubblewrapInfo> ReadInfoAsync(Stream output, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var some = new byte[512];
        while (!text.ToString().TrimEnd().EndsWith('}'))
        {
            var count = await output.ReadAsync(some, cancellation);
            if (count == 0)
            {
                throw new IOException("bubblewrap ended.");
            }

            text.Append(Encoding.ASCII.GetString(some, 0, count));
        }

        return JsonSerializer.Deserialize<BubblewrapInfo>(text.ToString(), s_info)!;
    }

    private SandboxLimits LimitsOfMother() => new(
        OwnMemoryBytes + (ChildMemoryBytes * site.Options.Mothers.MaxSandboxes), System.Environment.ProcessorCount, Pids);

    private string FirstOrder()
    {
        var child = WallCalls.InChild(site.Uids is null ? null : Processes(site.MostPids), s_lastCapability);
        return MotherOrder.Begin(MeetingPlace.SocketInside, WallCalls.BeforeFork(), child, File.ReadAllBytes(site.Folder.Filter));
    }

    // A child has no right to raise the limit that it inherits from the server.
    private static int Processes(int wanted) => (int)Math.Min((ulong)wanted, Posix.OwnHardLimit(Resource.Processes) ?? ulong.MaxValue);

    private sealed record BubblewrapInfo(int ChildPid);
}
