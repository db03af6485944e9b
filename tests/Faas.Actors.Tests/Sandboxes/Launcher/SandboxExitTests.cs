using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Launcher;

public sealed class SandboxExitTests
{
    [Fact]
    public void Bytes_of_stderr_that_are_no_text_become_replacement_characters()
    {
        var stderr = new ByteTail(SandboxExit.StderrBytes);
        stderr.Append([0xff, (byte)'a']);

        Assert.Equal(new SandboxExit(71, "\uFFFDa"), SandboxExit.Of(71, stderr));
    }

    [Fact]
    public void No_stderr_is_an_empty_text() =>
        Assert.Equal(new SandboxExit(0, ""), SandboxExit.Of(0, new ByteTail(SandboxExit.StderrBytes)));
}
