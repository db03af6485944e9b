using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Faas.Actors.Tests.Pool.Scheduler.Keeping;

/// <summary>
/// Which sandbox to close when memory is short: the pool's policy beside the usual one and beside one that knows the future, over a day of
/// 10,000 scripts. The table of docs/architecture.md is what this prints.
/// </summary>
public sealed class KeepPolicyTests(ITestOutputHelper output)
{
    private const int Scripts = 10_000;
    private const int Calls = 100_000;

    [Theory]
    [InlineData("steady")]
    [InlineData("daily")]
    [InlineData("bursty")]
    public void The_sandbox_that_is_worth_least_costs_fewer_starts_than_the_one_that_was_not_used_for_longest(string day)
    {
        var trace = day switch
        {
            "steady" => CallTrace.Steady(Scripts, Calls),
            "daily" => CallTrace.Daily(Scripts, Calls),
            _ => CallTrace.Bursty(Scripts, Calls),
        };
        foreach (var megabytes in (int[])[256, 1024, 4096])
        {
            KeepSimulation Simulation() => new(trace, (long)megabytes << 20);
            var (lru, worth) = (Simulation().LeastRecentlyUsed(), Simulation().LeastWorth());
            var (memory, best) = (Simulation().LeastWorthWithMemory(), Simulation().Foreseen());
            output.WriteLine($"| {trace.Name} | {megabytes} | {Cell(lru)} | {Cell(worth)} | {Cell(memory)} | {Cell(best)} |");

            Assert.True(worth.Cost < lru.Cost, $"{megabytes} MB: {worth.Cost} against {lru.Cost}.");
            Assert.True(worth.Cost >= best.Cost, $"{megabytes} MB: {worth.Cost} is better than the future, {best.Cost}.");
        }
    }

    private static string Cell(Kept kept) => string.Create(
        CultureInfo.InvariantCulture, $"{100.0 * kept.Starts / Calls:0.0} %, {kept.Cost.TotalSeconds:0} s");
}
