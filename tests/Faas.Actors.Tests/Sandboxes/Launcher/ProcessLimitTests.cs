using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Launcher;

public sealed class ProcessLimitTests
{
    [Theory]
    [InlineData("its mother could not fork: the child: fork failed, errno 11")]
    [InlineData("bwrap: Creating new namespace failed: Resource temporarily unavailable")]
    [InlineData("/bin/sh: 1: Cannot fork")]
    [InlineData("BlockingIOError: [Errno 11] Resource temporarily unavailable")]
    public void A_limit_on_processes_is_named_as_the_cause(string said) =>
        Assert.StartsWith($"{said} (EAGAIN: a limit on processes", ProcessLimit.Explain(said), StringComparison.Ordinal);

    [Fact]
    public void Another_cause_stays_as_it_is() =>
        Assert.Equal("bwrap: No such file (status 1).", ProcessLimit.Explain("bwrap: No such file (status 1)."));
}
