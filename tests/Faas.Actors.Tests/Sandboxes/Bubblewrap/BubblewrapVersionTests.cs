using Faas.Actors.Sandboxes.Bubblewrap;
using Faas.Actors.Sandboxes.Launcher;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Bubblewrap;

public sealed class BubblewrapVersionTests
{
    [Theory]
    [InlineData("bubblewrap 0.6.1\n", false, false)]
    [InlineData("bubblewrap 0.7.0\n", true, false)]
    [InlineData("bubblewrap 0.8.0\n", true, true)]
    [InlineData("bubblewrap 0.11.0\n", true, true)]
    [InlineData("bubblewrap 1.0", true, true)]
    public void A_version_tells_what_it_can_do(string answer, bool size, bool userns)
    {
        var version = BubblewrapVersion.TryParse(answer);

        Assert.NotNull(version);
        Assert.Equal((size, userns), (version.HasSize, version.HasDisableUserns));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bubblewrap")]
    [InlineData("bubblewrap 8")]
    [InlineData("bubblewrap x.y")]
    [InlineData("bubblewrap 99999999999.1")]
    [InlineData("flatpak 1.2.3, on bubblewrap 0.8.0")]
    public void Another_programs_answer_is_no_version(string answer) => Assert.Null(BubblewrapVersion.TryParse(answer));

    [Fact]
    public async Task A_program_that_is_not_bubblewrap_is_named_with_its_setting()
    {
        var refused = await Assert.ThrowsAsync<SandboxStartException>(
            () => BubblewrapVersion.AskAsync("/bin/false", CancellationToken.None));

        Assert.Contains("faas.sandbox.bubblewrap = \"/bin/false\" is not bubblewrap", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no/such/bwrap")]
    [InlineData("/etc/passwd")]
    public async Task A_program_that_cannot_be_run_is_named_with_its_setting_and_the_remedy(string program)
    {
        var refused = await Assert.ThrowsAsync<SandboxStartException>(() => BubblewrapVersion.AskAsync(program, CancellationToken.None));

        Assert.Contains($"faas.sandbox.bubblewrap = \"{program}\" cannot be run", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("install bubblewrap.", refused.Message, StringComparison.Ordinal);
    }
}
