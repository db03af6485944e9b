using System.Text.Json;
using Faas.Cli.Commands;
using Faas.Cli.Commands.Cluster;
using Faas.Cli.Commands.Runs;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Tests.Pure;

public sealed class OutputTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_cells_and_numbers_stand_to_the_right() => Assert.Equal(
        ["NAME     N", "größe    7", "漢字    12", "b      100"],
        Columns.Lines(["NAME", "N"], [["größe", "7"], ["漢字", "12"], ["b", "100"]]));

    [Fact]
    public void A_cell_cannot_steer_the_terminal() =>
        Assert.Equal("a [31mb c", Columns.Lines(["X"], [["a\u001b[31mb\nc"]]).Last());

    [Fact]
    public void A_cluster_is_a_line_on_the_node_that_was_asked_and_a_table_of_the_members()
    {
        var now = new DateTimeOffset(2026, 2, 8, 7, 33, 20, TimeSpan.Zero);
        var cluster = new ClusterView(true)
        {
            Self = "10.0.0.1:4053",
            WhyNot = "This node reaches 1 of the 2 members of its cluster.",
            Members =
            [
                new("10.0.0.1:4053", "up", true, ["faas"], now.AddHours(-2)) { Pool = new(4, 1, 4, 1, 12, false), Home = new(85, 7) },
                new("10.0.0.2:4053", "up", false, ["faas"], now.AddSeconds(-3)),
            ],
            Load = new(0, 1, 2, 3, 4, 0, 1024),
        };
        Assert.Equal(
            [
                "10.0.0.1:4053 does not work: This node reaches 1 of the 2 members of its cluster.",
                "3 busy, 2 idle, 1 spare, 0 starting; 4 waiting; 0 B of 1 KiB",
                "",
                "MEMBER                 STATE  REACHABLE  SINCE  RUNS    WAITING  SPARES  WARM  SHARDS  SCRIPTS  ROLES",
                "10.0.0.1:4053 (asked)  up     yes        2 h    3 of 4        4       1    12      85        7  faas",
                "10.0.0.2:4053          up     no         3 s    -             -       -     -       -        -  faas",
            ],
            ClusterTable.Of(cluster, now));
        Assert.Equal(["This server is no node of a cluster (faas.cluster.enabled = false)."], ClusterTable.Of(new ClusterView(false), now));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(134217728, "128 MiB")]
    [InlineData(2L << 40, "2 TiB")]
    public void Sizes_are_short(long bytes, string text) => Assert.Equal(text, Figures.Size(bytes));

    [Theory]
    [InlineData(0.0123, "12 ms")]
    [InlineData(3.44, "3.4 s")]
    [InlineData(119, "1 min")]
    [InlineData(7300, "2 h")]
    [InlineData(200000, "2 d")]
    public void Times_are_short(double seconds, string text) => Assert.Equal(text, Figures.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("timeout", 504, 6)]
    [InlineData("cancelled", 503, 130)]
    [InlineData("forbidden", 403, 77)]
    [InlineData("not_found", 404, 66)]
    [InlineData("queue_full", 429, 75)]
    [InlineData("store", 503, 75)]
    [InlineData("malformed", 400, 65)]
    [InlineData("internal", 500, 70)]
    [InlineData("", 502, 70)]
    public void A_problem_has_an_exit_code(string reason, int status, int exitCode) =>
        Assert.Equal(exitCode, ExitCode.Of(new Problem(status, "", "") { Reason = reason }));

    [Theory]
    [InlineData("a", "a", null)]
    [InlineData("/a/b/", "a/b", null)]
    [InlineData("a/b@stable", "a/b", "stable")]
    [InlineData("@team/a", "@team/a", null)]
    [InlineData("@team/a@7", "@team/a", "7")]
    public void A_script_is_named_with_or_without_a_version(string text, string path, string? version) =>
        Assert.Equal((path, version), ScriptName.Split(text));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a@")]
    public void What_names_no_script_is_refused(string text) => Assert.Throws<CliException>(() => ScriptName.Split(text));

    [Theory]
    [InlineData(true, "number", "8", "8")]
    [InlineData(true, "json", """{"a": 1}""", "before", """{"a": 1}""")]
    [InlineData(true, "json", """{ "a": 1 }""", "{", "\"a\": 1", "}")]
    [InlineData(true, "text", "\"a\\nb\"", "a", "b")]
    [InlineData(false, "number", "8", "8", "after")]
    [InlineData(false, "string", "\"a\"", "a")]
    [InlineData(false, "number", "8")]
    public void A_value_that_was_printed_last_is_known(bool isPrinted, string type, string data, params string[] lines)
    {
        var printed = new PrintedValue();
        foreach (var line in lines)
        {
            printed.Note(new RunPrinted(JsonSerializer.SerializeToElement(line), "text", IsStderr: false, IsPartial: false));
        }

        printed.Note(new RunPrinted(JsonSerializer.SerializeToElement("stderr"), "text", IsStderr: true, IsPartial: false));
        using var value = JsonDocument.Parse(data);
        Assert.Equal(isPrinted, printed.Is(new RunResult(value.RootElement, type)));
    }
}
