using System.Net;
using Faas.Http.Configuration;
using Faas.Http.Server;
using Faas.Http.Server.Connections;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Server;

public sealed class StartNoticesTests
{
    private const long Machine = 8L << 30;
    private static readonly FaasOptions s_options =
        FaasUnderTest.ShippedOptions with { Pool = FaasUnderTest.ShippedOptions.Pool with { Running = 8 } };

    [Fact]
    public void As_shipped_there_is_nothing_to_say() => Assert.Empty(Notices(s_options));

    [Fact]
    public void More_memory_than_the_machine_has_is_told()
    {
        var sandbox = s_options.Sandbox with { MemoryBytes = 2L << 30 };
        Assert.Equal(
            ["Faas may run out of memory: faas.pool.running = 8 runs of up to faas.sandbox.memory = 2147483648 bytes are more than the 8589934592 bytes that it has"],
            Notices(s_options with { Sandbox = sandbox }));
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("127.0.0.1", false)]
    public void Serving_everyone_on_a_public_address_is_told(string address, bool isTold)
    {
        var http = s_options.Http.With(access => access with { AllowAnonymous = true }) with { Address = IPAddress.Parse(address) };
        Assert.Equal(isTold, Notices(s_options with { Http = http }).Any(line => line.Contains("without a key", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Notices(FaasOptions options) =>
        StartNotices.Of(options, new DescriptorBudget(100_000, options.Pool.Running, options.Pool.Sandboxes), Machine);
}
