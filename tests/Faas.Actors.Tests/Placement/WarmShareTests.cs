using CsCheck;
using Faas.Actors.Placement;
using Xunit;

namespace Faas.Actors.Tests.Placement;

public sealed class WarmShareTests
{
    private static readonly Gen<string[]> s_nodes =
        Gen.Int[1, 99].HashSet[1, 9].Select(ports => ports.Select(port => $"10.0.0.1:{port}").ToArray());

    [Fact]
    public void All_nodes_together_keep_as_many_as_the_version_asks_for_and_none_keeps_two_more_than_another() =>
        Gen.Select(s_nodes, Gen.String, Gen.Int[0, 40]).Sample((nodes, path, all) =>
        {
            var shares = SharesOf(path, all, nodes);
            Assert.Equal(all, shares.Values.Sum());
            Assert.InRange(shares.Values.Max() - shares.Values.Min(), 0, 1);
        });

    [Fact]
    public void A_single_sandbox_stays_where_it_is_when_another_node_goes() =>
        Gen.Select(s_nodes, Gen.String).Sample((nodes, path) =>
        {
            var keeper = SharesOf(path, 1, nodes).Single(share => share.Value == 1).Key;
            foreach (var gone in nodes.Where(node => node != keeper))
            {
                Assert.Equal(1, SharesOf(path, 1, [.. nodes.Except([gone])])[keeper]);
            }
        });

    [Fact]
    public void Different_scripts_have_their_single_sandbox_on_different_nodes()
    {
        string[] nodes = ["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"];
        var keepers = Enumerable.Range(0, 100)
            .Select(number => SharesOf($"script-{number}", 1, nodes).Single(share => share.Value == 1).Key);
        Assert.Equal(nodes, keepers.Distinct().Order());
    }

    private static Dictionary<string, int> SharesOf(string path, int all, string[] nodes) =>
        nodes.ToDictionary(node => node, node => WarmShare.Of(path, all, node, [.. nodes.Except([node])]));
}
