using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Scripts;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary><see cref="EndTests"/> for sandboxes that are started as programs.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ExecutedEndTests() : EndTests(LaunchMode.Exec)
{
    [Fact]
    public async Task What_it_said_on_stderr_is_told_with_its_end()
    {
        await using var launcher = await LauncherUnderTest.OpenAsync(LaunchMode.Exec, options => options with { Node = "/bin/ls" });
        await using var process = await launcher.Launcher.StartAsync(new ImageKey(Runtime.Node), CancellationToken.None);

        var exit = await process.Exited;

        Assert.Equal(2, exit.ExitCode);
        Assert.Contains("unrecognized option '--no-warnings'", exit.Stderr, StringComparison.Ordinal);
    }
}
