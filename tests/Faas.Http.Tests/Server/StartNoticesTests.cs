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
        var (sandbox, ceilings) = (
            s_options.Sandbox with { MemoryBytes = 2L << 30 }, s_options.Scripts.Ceilings with { MemoryBytes = 2L << 30 });
        Assert.Equal(
            ["Faas may run out of memory: faas.pool.running = 8 runs of up to faas.sandbox.memory = 2147483648 bytes are more than the 8589934592 bytes that it has"],
            Notices(s_options with { Sandbox = sandbox, Scripts = s_options.Scripts with { Ceilings = ceilings } }));
    }

    [Fact]
    public void A_ceiling_below_what_every_version_gets_is_told()
    {
        var ceilings = s_options.Scripts.Ceilings with { Timeout = TimeSpan.FromSeconds(10), Pids = 32 };
        Assert.Equal(
            [
                "Faas gives a version that asks for nothing faas.sandbox.timeout = 30s, although faas.scripts.max-timeout = 10s is less",
                "Faas gives a version that asks for nothing faas.sandbox.pids = 64, although faas.scripts.max-pids = 32 is less",
            ],
            Notices(s_options with { Scripts = s_options.Scripts with { Ceilings = ceilings } }));
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
