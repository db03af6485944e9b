using Faas.Bench.Libraries;
using Xunit;

namespace Faas.Bench.Tests.Libraries;

public sealed class PipSettingsTests
{
    [Theory]
    [InlineData(":env:.index-url='http://a/'\nglobal.index-url='http://b/'\ninstall.index-url='http://c/'\n", "http://a/")]
    [InlineData("global.index-url='http://b/'\ninstall.index-url='http://c/'\n", "http://c/")]
    [InlineData("global.cert='/etc/c.crt'\nglobal.index-url='http://b/?x=1'\n", "http://b/?x=1")]
    [InlineData("global.cert='/etc/c.crt'\n", null)]
    [InlineData("", null)]
    public void The_registry_is_that_of_a_variable_then_that_of_install_then_that_of_all(string list, string? registry) =>
        Assert.Equal(registry, PipSettings.IndexOf(list));
}
