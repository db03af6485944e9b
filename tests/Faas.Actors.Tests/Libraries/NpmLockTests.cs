using Faas.Actors.Libraries;
using Xunit;

namespace Faas.Actors.Tests.Libraries;

public sealed class NpmLockTests
{
    private const string Head =
        "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\n"
        + "importers:\n\n  .:\n    dependencies:\n      gamma:\n        version: 1\n\n";

    private const string Alpha = "  '@acme/alpha@1.0.0':\n    resolution: {integrity: sha512-AA==}\n\n";
    private const string Beta = "  beta@2.0.0-rc.1+a:\n    resolution: {integrity: sha512-AA==}\n    engines: {node: '>=1'}\n";

    private const string Tail =
        "\nsnapshots:\n\n  '@acme/alpha@1.0.0': {}\n\n  beta@2.0.0-rc.1+a(gamma@1.0.0):\n    dependencies:\n      gamma: 1.0.0\n";

    [Fact]
    public void The_libraries_of_a_lock_are_those_of_its_section_packages() =>
        Assert.Equal(["@acme/alpha", "beta"], NamesOf($"{Head}packages:\n\n{Alpha}{Beta}    peerDependencies:\n      delta: 1\n{Tail}"));

    [Theory]
    [InlineData("packages:\n\n", "packages: {evil@1.0.0: {}}\n\n")]
    [InlineData("packages:\n\n", "\"packages\":\n  evil@1.0.0:\n\npackages:\n\n")]
    [InlineData("packages:\n\n", "packages:\n\n      evil@1.0.0:\n        resolution: {integrity: sha512-AA==}\n")]
    [InlineData("packages:\n\n", "overrides:\n  beta: npm:evil@1\n\npackages:\n\n")]
    [InlineData("packages:\n\n", "packages:\n\n  evil@1.0.0:\n\npackages:\n\n")]
    [InlineData("packages:\n\n", "---\npackages:\n\n")]
    [InlineData("snapshots:\n", "snapshots:\n\n  evil@1.0.0: {}\n")]
    [InlineData("snapshots:\n", "snapshots:\n\nx:\n")]
    [InlineData("snapshots:\n", "snapshots: &a\n")]
    [InlineData("snapshots:\n", "\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\n    name: evil\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\n    version: 1.0.0\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\n    id: evil@1.0.0\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\n    \"name\": evil\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\n    <<: {name: evil}\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\n    ? name\n    : evil\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\n   name: evil\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a: {name: evil}\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  ? beta@2.0.0-rc.1+a\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@file:../x:\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta:\n")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\r  evil@1.0.0:\r")]
    [InlineData("  beta@2.0.0-rc.1+a:\n", "  beta@2.0.0-rc.1+a:\u2028")]
    [InlineData("lockfileVersion: '9.0'", "lockfileVersion: '9.1'")]
    [InlineData("lockfileVersion: '9.0'", "\ufefflockfileVersion: '9.0'")]
    public void A_lock_with_a_line_that_pnpm_does_not_write_names_none(string written, string changed)
    {
        var @lock = $"{Head}packages:\n\n{Alpha}{Beta}{Tail}";
        Assert.NotNull(NamesOf(@lock));
        Assert.Contains(written, @lock, StringComparison.Ordinal);
        Assert.Null(NamesOf(@lock.Replace(written, changed, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("packages:\n")]
    [InlineData(Head + "packages:\n\nsnapshots:\n")]
    public void A_lock_without_libraries_names_none(string text) => Assert.Null(NamesOf(text));

    private static IEnumerable<string>? NamesOf(string text) => NpmLock.NamesOf(text)?.Select(name => name.Text);
}
