using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class CgroupCounterTests : OwnFolder
{
    [Theory]
    [InlineData("oom_kill 12\n", 12)]
    [InlineData("oom 5\noom_kill_disable 4\noom_kill 3\noom_group_kill 2\n", 3)]
    [InlineData("oom_kill_disable 4\n", 0)]
    [InlineData("", 0)]
    public void Only_the_line_of_that_very_name_counts(string text, long count) =>
        Assert.Equal(count, new CgroupCounter(MakeFile("events", text), "oom_kill").Value);

    [Fact]
    public void A_file_may_be_a_number_and_nothing_else() =>
        Assert.Equal(9_223_372_036_854, new CgroupCounter(MakeFile("usage", "9223372036854\n")).Value);

    [Fact]
    public void A_count_is_read_each_time_it_is_asked_for()
    {
        var file = MakeFile("usage", "1\n");
        var counter = new CgroupCounter(file);
        Assert.Equal(1, counter.Value);

        File.WriteAllText(file, "22\n");

        Assert.Equal(22, counter.Value);
    }

    [Fact]
    public void A_file_that_is_gone_counts_nothing() =>
        Assert.Equal(0, new CgroupCounter(Path.Combine(Folder, "sandbox", "events"), "oom_kill").Value);

    [Fact]
    // This file opens, but every read of it fails.
    public void A_file_that_goes_while_it_is_read_counts_nothing() => Assert.Equal(0, new CgroupCounter("/proc/self/mem").Value);

    [Fact]
    public void What_was_kept_stays()
    {
        var file = MakeFile("events", "oom_kill 1\n");
        var counter = new CgroupCounter(file, "oom_kill");
        counter.Keep();
        File.Delete(file);

        Assert.Equal(1, counter.Value);
    }
}
