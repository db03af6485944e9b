using CsCheck;
using Faas.Actors.Cluster;
using Xunit;

namespace Faas.Actors.Tests.Cluster;

public sealed class MembershipTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 2, 8, 7, 33, 20, TimeSpan.Zero);
    private static readonly DateTimeOffset s_later = s_begin.AddMinutes(1);
    private static readonly ClusterAddress[] s_nodes = [.. Enumerable.Range(1, 9).Select(i => new ClusterAddress($"10.0.0.{i}", 4053))];

    [Fact]
    public void A_node_may_work_once_it_is_a_member()
    {
        var now = Membership.Outside(s_nodes[0]);
        Assert.Equal("This node is no member of its cluster yet.", now.WhyNot);
        now = now.With(s_nodes[0], MemberState.Joining, [], s_begin);
        Assert.Equal("This node is no member of its cluster yet.", now.WhyNot);
        Assert.Null(now.With(s_nodes[0], MemberState.Up, [], s_begin).WhyNot);
    }

    [Theory]
    [InlineData(MemberState.WeaklyUp, "This node is no member of its cluster yet.")]
    [InlineData(MemberState.Leaving, "This node leaves its cluster.")]
    [InlineData(MemberState.Exiting, "This node leaves its cluster.")]
    [InlineData(MemberState.Down, "The cluster has given this node up.")]
    public void In_every_other_state_it_says_why_not(MemberState state, string why) =>
        Assert.Equal(why, Of(3).With(s_nodes[0], state, [], s_later).WhyNot);

    [Fact]
    public void A_node_that_reaches_no_majority_may_not_work_until_it_does_again()
    {
        var cut = Without(Without(Of(3), 1), 2);
        Assert.Equal("This node reaches 1 of the 3 members of its cluster.", cut.WhyNot);
        Assert.Null(Without(Of(3), 2).WhyNot);
        Assert.Null(cut.WithReachability(s_nodes[1], isReachable: true, s_later).WhyNot);
        Assert.Null(cut.Without(s_nodes[1]).Without(s_nodes[2]).WhyNot);
    }

    [Fact]
    public void However_a_cluster_is_cut_in_two_exactly_one_side_may_work() =>
        (from count in Gen.Int[1, 9]
         from side in Gen.Bool.Array[count]
         where side.Contains(true) && side.Contains(false)
         select side).Sample(side =>
        {
            var indices = Enumerable.Range(0, side.Length).ToArray();
            bool IsWorking(bool mine) => indices.Where(i => side[i] != mine).Aggregate(
                Of(side.Length, self: Array.IndexOf(side, mine)), Without).WhyNot is null;

            return IsWorking(true) != IsWorking(false);
        });

    [Fact]
    public void A_member_that_only_joins_or_has_left_counts_on_no_side()
    {
        var now = Of(2).With(s_nodes[2], MemberState.Joining, [], s_begin).With(s_nodes[3], MemberState.Exiting, [], s_begin);
        Assert.Equal((2, 2), (now.Reached, now.Counted));
    }

    [Fact]
    public void A_member_says_since_when_it_is_as_it_is()
    {
        var now = Of(2);
        now = now.With(s_nodes[1], MemberState.Up, [], s_later).WithReachability(s_nodes[1], isReachable: true, s_later);
        Assert.Equal(s_begin, now.Members[1].Since);
        Assert.Equal(s_later, now.WithReachability(s_nodes[1], isReachable: false, s_later).Members[1].Since);
        Assert.Equal(s_later, now.With(s_nodes[1], MemberState.Leaving, [], s_later).Members[1].Since);
    }

    [Fact]
    public void What_is_said_of_a_node_that_is_gone_changes_nothing() =>
        Assert.Equal(2, Of(2).WithReachability(s_nodes[5], isReachable: false, s_later).Without(s_nodes[6]).Members.Count);

    private static Membership Of(int count, int self = 0) => s_nodes.Take(count).Aggregate(
        Membership.Outside(s_nodes[self]), (now, node) => now.With(node, MemberState.Up, ["faas"], s_begin));

    private static Membership Without(Membership now, int node) => now.WithReachability(s_nodes[node], isReachable: false, s_begin);
}
