using System.Diagnostics;
using System.Globalization;
using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class CgroupFolderTests : OwnFolder
{
    private const string Dead = "2147483647-1";

    [Fact]
    public async Task What_is_left_in_a_directory_is_killed_before_it_is_removed()
    {
        using var process = Process.Start("/bin/sleep", "infinity");
        var procs = MakeFile("7/cgroup.procs", $"{process.Id}\n");

        var removal = CgroupFolder.RemoveAsync(Path.GetDirectoryName(procs)!);
        await process.WaitForExitAsync();
        Assert.False(removal.IsCompleted);
        File.Delete(procs);
        await removal;

        Assert.Equal(137, process.ExitCode);
        Assert.False(Directory.Exists(Path.Combine(Folder, "7")));
    }

    [Fact]
    public async Task A_directory_that_is_gone_is_removed() => await CgroupFolder.RemoveAsync(Path.Combine(Folder, "never"));

    // rmdir(2) fails there with EPERM, as it does for the leftovers of another user.
    [Fact]
    public async Task A_directory_that_may_not_be_removed_is_a_failure_and_no_endless_loop()
    {
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => CgroupFolder.RemoveAsync("/proc/sys"));

        Assert.Contains("/proc/sys", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leftovers_of_dead_servers_go_and_those_of_the_living_stay()
    {
        MakeFolder("faas", Dead, "1");
        MakeFolder("faas", Dead, "2");
        MakeFolder("faas", "no-server");
        var living = MakeFolder("faas", ServerIdentity.Own, "1");

        await CgroupFolder.RemoveLeftoversAsync(Path.Combine(Folder, "faas"));

        Assert.True(Directory.Exists(living));
        Assert.Equal([Path.Combine(Folder, "faas", ServerIdentity.Own)], Directory.GetDirectories(Path.Combine(Folder, "faas")));
    }

    [Fact]
    public async Task A_server_of_another_pid_namespace_only_seems_dead_and_keeps_its_own()
    {
        var empty = MakeFolder("faas", $"{Dead}.1", "2");

        await CgroupFolder.RemoveLeftoversAsync(Path.Combine(Folder, "faas"));

        Assert.True(Directory.Exists(empty));
    }

    [Fact]
    public async Task Where_no_server_ever_was_there_is_nothing_to_remove() =>
        await CgroupFolder.RemoveLeftoversAsync(Path.Combine(Folder, "faas"));

    [Fact]
    public void Only_empty_directories_are_removed_as_empty()
    {
        var empty = MakeFolder("empty");
        var full = Path.GetDirectoryName(MakeFile("full/file"))!;

        CgroupFolder.RemoveEmpty([empty, full, Path.Combine(Folder, "never"), "/proc/sys"]);

        Assert.False(Directory.Exists(empty));
        Assert.True(Directory.Exists(full));
    }

    [Fact]
    public void A_number_is_written_as_the_kernel_reads_it()
    {
        CgroupFolder.Write(Folder, "memory.max", 1L << 40);

        Assert.Equal((1L << 40).ToString(CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(Folder, "memory.max")));
    }
}
