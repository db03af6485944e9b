using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary><see cref="EndTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedEndTests() : EndTests(LaunchMode.Fork)
{
    [Fact]
    public async Task What_a_mother_said_on_stderr_is_told_to_each_who_wanted_a_sandbox()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Fork, options => options with { Node = "/bin/ls" });

        var failed = await Assert.ThrowsAsync<SandboxStartException>(
            () => launcher.Launcher.StartAsync(new ImageKey(Runtime.Node), CancellationToken.None));

        Assert.Contains("unrecognized option '--no-warnings'", failed.Message, StringComparison.Ordinal);
        Assert.Empty(await LauncherUnderTest.CgroupsAsync());
    }
}
