using System.Text.Json;
using CsCheck;
using Faas.Actors.Sandboxes.Mothers;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

/// <summary>Tests the lines between the server and a mother, both ways.</summary>
public sealed class MotherLinesTests
{
    [Fact]
    public void The_first_line_has_every_call_with_its_reason()
    {
        SystemCall[] before = [new("setns", [new CallArgument.Given("ownPidNamespace"), 0x20000000], "go home")];
        SystemCall[] child =
        [
            new("open", ["/tmp"], "open it"),
            new("write", [new CallArgument.Was(0), new CallArgument.Memory(new byte[] { 1, 2 }), new CallArgument.Given("map", true)], "write it"),
        ];

        var line = MotherOrder.Begin("/tmp/server", before, child, [9, 8]);

        Assert.Equal(
            """
            {"socket":"/tmp/server",
            "before":[{"call":"setns","arguments":[{"given":"ownPidNamespace"},536870912],"why":"go home"}],
            "child":[{"call":"open","arguments":["/tmp"],"why":"open it"},
            {"call":"write","arguments":[{"was":0},{"bytes":"AQI="},{"given":"map","length":true}],"why":"write it"}],
            "filter":"CQg="}
            """.ReplaceLineEndings(""),
            line);
    }

    [Fact]
    public void An_order_for_a_fork_gives_what_is_the_childs_own() => Assert.Equal(
        """{"fork":"12","given":{"slot":3,"map":"1000 3 1\n","tmp":"mode=0755,size=65536","files":{"bytes":"AQEAAAAAAAABAQAAAAAAAA=="}}}""",
        MotherOrder.Fork("12", new ChildWalls(3, 64 << 10, 257)));

    [Fact]
    public void An_order_to_reap_has_the_pid() => Assert.Equal("""{"reap":7}""", MotherOrder.Reap(7));

    [Fact]
    public void Each_of_her_lines_is_understood()
    {
        Assert.Equal(new MotherWarm(), MotherReply.Parse("""{"protocol": 1, "runtime": "node", "version": "26.10.0"}"""));
        Assert.Equal(new ChildForked("12", 7), MotherReply.Parse("""{"forked": "12", "pid": 7}"""));
        Assert.Equal(new ForkFailed("12", "errno 11"), MotherReply.Parse("""{"failed": "12", "error": "errno 11"}"""));
        Assert.Equal(new ChildReaped(7, 256), MotherReply.Parse("""{"reaped": 7, "status": 256}"""));
        Assert.Equal(new ChildReaped(7, null), MotherReply.Parse("""{"reaped": 7, "status": null}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"protocol": 2}""")]
    [InlineData("""{"forked": "12"}""")]
    [InlineData("""{"forked": 12, "pid": 7}""")]
    [InlineData("""{"reaped": "7", "status": 0}""")]
    [InlineData("""{"reaped": 7}""")]
    public void Any_other_line_breaks_the_protocol(string line) => Assert.IsType<MotherBroke>(MotherReply.Parse(line));

    [Fact]
    public void No_line_of_hers_makes_the_server_fail() => Gen.String.Sample(line => Assert.NotNull(MotherReply.Parse(line)));

    [Fact]
    public void A_long_line_is_told_in_short() =>
        Assert.InRange(Assert.IsType<MotherBroke>(MotherReply.Parse(new string('x', 100_000))).Why.Length, 200, 400);

    [Fact]
    public void Each_line_is_one_line_of_json()
    {
        var line = MotherOrder.Begin("/tmp/server", WallCalls.BeforeFork(), WallCalls.InChild(64, 40), new byte[1000]);

        Assert.DoesNotContain('\n', line);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind);
    }
}
