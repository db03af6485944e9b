using Faas.Actors.Egress;
using Faas.Http.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Faas.Http.Tests.Server;

public sealed class ServerPortsTests
{
    [Fact]
    public async Task The_proxy_of_sandboxes_knows_on_which_port_the_server_listens()
    {
        await using var faas = await FaasUnderTest.StartAsync();

        Assert.True(faas.Services.GetRequiredService<ServerPorts>().Contain(faas.Address.Port));
        Assert.NotNull(faas.Services.GetRequiredService<IEgressProxy>());
    }
}
