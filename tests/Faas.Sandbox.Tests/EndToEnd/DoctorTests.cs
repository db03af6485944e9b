namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>`faas-server doctor`, on this machine.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task Every_wall_of_both_launches_stands_here_and_is_named_on_a_line_of_its_own()
    {
        var (exitCode, table) = await ExamineAsync("");

        Assert.True(exitCode == 0, table);
        string[] walls =
        [
            "python sandbox", "host user", "python forks", "capabilities", "seccomp filter", "new namespaces", "network", "files",
            "environment", "process limit", "cpu limit", "size of /tmp", "memory limit", "node sandbox", "node forks",
        ];
        var lines = table.Split('\n').Where(line => line.StartsWith("ok  ", StringComparison.Ordinal)).ToList();
        Assert.Equal([.. walls, .. walls], lines.Select(line => line[9..].Split("  ")[0].Trim()));
    }

    [Fact]
    public async Task The_memory_limit_is_tried_without_taking_as_much_as_it_allows()
    {
        var (exitCode, table) = await ExamineAsync("faas.sandbox.memory = 512G");

        Assert.True(exitCode == 0, table);
        Assert.Contains("memory limit    549755813888 bytes, then oom", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_that_does_not_come_up_is_missing_and_the_exit_status_says_so()
    {
        var (exitCode, table) = await ExamineAsync("faas.sandbox { python = \"/usr/bin/true\" }");

        Assert.Equal(1, exitCode);
        Assert.Contains("MISSING  python sandbox", table, StringComparison.Ordinal);
        Assert.Contains("ok       node forks", table, StringComparison.Ordinal);
        Assert.True(table.IndexOf("Launch by fork:\n", StringComparison.Ordinal) < table.IndexOf("Launch by exec:\n", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Table)> ExamineAsync(string settings)
    {
        var folder = TestFolder.Create("faas-test-");
        var ended = await FaasServer.ExamineAsync(settings, folder);
        Assert.Equal(["overrides.conf"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        Directory.Delete(folder, true);
        return ended;
    }
}
