using Faas.Http.Server.Connections;
using Xunit;

namespace Faas.Http.Tests.Server.Connections;

public sealed class DescriptorBudgetTests
{
    [Theory]
    [InlineData(20_000, 8, 10_000, 10_000)]
    [InlineData(1_024, 8, 10_000, 640)]
    [InlineData(1_024, 8, 100, 100)]
    [InlineData(400, 8, 10_000, 16)]
    [InlineData(1_024, 50, 10_000, 304)]
    [InlineData(long.MaxValue, 1000, 1_000_000, 1_000_000)]
    public void Clients_share_what_the_server_and_its_sandboxes_leave(long limit, int poolSize, int allowed, int connections)
    {
        var budget = new DescriptorBudget(limit, poolSize, poolSize);
        Assert.Null(budget.Refusal);
        Assert.Equal(connections, budget.Connections(allowed));
    }

    [Theory]
    [InlineData(20_000, 8, 500, 500)]
    [InlineData(4_320, 8, 500, 250)]
    [InlineData(1_024, 8, 500, 44)]
    [InlineData(400, 8, 500, 8)]
    [InlineData(400, 8, 3, 3)]
    public void Sandboxes_take_at_most_half_but_enough_for_the_runs_at_once(long limit, int running, int wanted, int sandboxes)
    {
        var budget = new DescriptorBudget(limit, running, wanted);
        Assert.Equal(sandboxes, budget.Sandboxes);
        Assert.InRange(budget.Connections(1_000_000), DescriptorBudget.FewestConnections, limit - (8 * sandboxes));
    }

    [Theory]
    [InlineData(20_000, 500, 500, 10_000, 10_000)]
    [InlineData(4_096, 500, 150, 10_000, 1_362)]
    [InlineData(1_600, 500, 12, 10_000, 108)]
    [InlineData(1_600, 100, 56, 10_000, 512)]
    public void Connections_of_sandboxes_have_two_each_and_the_proxy_one_in_each_sandbox(
        long limit, int egress, int sandboxes, int allowed, int connections)
    {
        var budget = new DescriptorBudget(limit, 8, 500, egress);
        Assert.Null(budget.Refusal);
        Assert.Equal((sandboxes, connections), (budget.Sandboxes, budget.Connections(allowed)));
        Assert.InRange(DescriptorBudget.OfServer + (2 * egress) + (9 * sandboxes) + connections, 0, limit);
        Assert.InRange(budget.SandboxesBeside(connections), sandboxes, int.MaxValue);
        Assert.Contains(
            "with faas.pool.running = 8 and faas.network.max-connections = ",
            (budget with { Limit = budget.Needed - 1 }).Refusal,
            StringComparison.Ordinal);
        Assert.Null((budget with { Limit = budget.Needed }).Refusal);
    }

    [Fact]
    public void Below_what_is_needed_the_start_is_refused_with_what_is_needed_and_how_to_have_it() => Assert.Equal(
        "ulimit -n = 399: too few open files (RLIMIT_NOFILE); with faas.pool.running = 8 the server needs 400. "
        + "Raise it: ulimit -n 400, or LimitNOFILE=400 in its systemd unit, or --ulimit nofile=400 of its container; each connection beyond 16 takes one more.",
        new DescriptorBudget(399, 8, 500).Refusal);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Under_the_least_limit_that_is_named_it_starts(int poolSize)
    {
        var budget = new DescriptorBudget(0, poolSize, 2 * poolSize);
        var least = budget with { Limit = budget.Needed };
        Assert.Null(least.Refusal);
        Assert.Equal(DescriptorBudget.FewestConnections, least.Connections(10_000));
        Assert.NotNull((least with { Limit = budget.Needed - 1 }).Refusal);
    }

    [Fact]
    public void The_limit_of_a_process_is_that_which_the_kernel_tells_it()
    {
        var line = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        Assert.Equal(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], $"{DescriptorBudget.OfThisProcess(8, 500).Limit}");
    }
}
