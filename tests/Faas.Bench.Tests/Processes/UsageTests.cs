using System.Diagnostics;
using Faas.Bench.Processes;
using Xunit;

namespace Faas.Bench.Tests.Processes;

public sealed class UsageTests
{
    [Fact]
    public void The_time_of_a_process_that_has_ended_is_counted()
    {
        using var group = new UsageGroup("usage-test");
        var command = group.Entering("/bin/sh", "-c", "(i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done)");
        using var work = Process.Start(command[0], command.Skip(1));
        work.WaitForExit();
        Assert.Equal(0, work.ExitCode);
        Assert.Empty(group.Processes);
        Assert.True(group.Cpu > TimeSpan.Zero);
    }

    [Fact]
    public void Time_is_read_from_the_kernels_lines() =>
        Assert.Equal(123_456, KernelFile.NumberOf("usage_usec", ["usage_usec 123456", "user_usec 100000"]));

    [Fact]
    public void No_line_is_no_time() => Assert.Equal(0, KernelFile.NumberOf("usage_usec", ["user_usec 1"]));

    [Fact]
    public void Memory_is_the_proportional_set() =>
        Assert.Equal(
            2048 << 10,
            Memory.Parse(["55d0-7ffc ---p 00000000 00:00 0    [rollup]", "Rss:   9000 kB", "Pss:     2048 kB", "Pss_Anon: 1 kB"]));

    [Fact]
    public void This_process_has_memory_and_one_that_is_gone_has_none()
    {
        Assert.True(Memory.Of(Environment.ProcessId) > 1 << 20);
        Assert.Equal(0, Memory.Of(int.MaxValue));
    }
}
