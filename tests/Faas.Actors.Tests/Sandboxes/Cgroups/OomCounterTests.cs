using Faas.Actors.Sandboxes.Cgroups;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Cgroups;

public sealed class OomCounterTests : OwnFolder
{
    [Theory]
    [InlineData("oom_kill 12\n", 12)]
    [InlineData("oom 5\noom_kill_disable 4\noom_kill 3\noom_group_kill 2\n", 3)]
    [InlineData("oom_kill_disable 4\n", 0)]
    [InlineData("", 0)]
    public void Only_the_line_of_that_very_name_counts(string text, long count) => Assert.Equal(count, new OomCounter(MakeFile("events", text)).Value);

    [Fact]
    public void A_file_that_is_gone_counts_nothing() => Assert.Equal(0, new OomCounter(Path.Combine(Folder, "sandbox", "events")).Value);

    [Fact]
    public void A_file_that_goes_while_it_is_read_counts_nothing() => Assert.Equal(0, new OomCounter("/proc/self/mem").Value); // opens, and every read fails

    [Fact]
    public void What_was_kept_stays()
    {
        var file = MakeFile("events", "oom_kill 1\n");
        var counter = new OomCounter(file);
        counter.Keep();
        File.Delete(file);

        Assert.Equal(1, counter.Value);
    }
}
