using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Runtimes;

public sealed class NodeAbiTests
{
    [Fact]
    public void Node_tells_the_version_of_its_interface_for_machine_code() =>
        Assert.Matches(@"\A[0-9]{3}\z", NodeAbi.Ask(RuntimeFiles.Find(SandboxTestOptions.Default).Node));

    [Theory]
    [InlineData("/nonexistent/node", "/nonexistent/node cannot be run: ")]
    [InlineData("/bin/echo", "/bin/echo does not tell the version of its interface for machine code: \"-p process.versions.modules\".")]
    public void What_is_no_node_is_named(string program, string message) =>
        Assert.StartsWith(message, Assert.Throws<SandboxStartException>(() => NodeAbi.Ask(program)).Message, StringComparison.Ordinal);
}
