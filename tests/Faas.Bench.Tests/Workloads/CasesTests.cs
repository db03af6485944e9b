using System.Text.Json;
using Faas.Actors.Scripts;
using Faas.Bench.Workloads;
using Xunit;

namespace Faas.Bench.Tests.Workloads;

public sealed class CasesTests
{
    [Fact]
    public void The_large_input_is_json_of_at_least_its_size()
    {
        var json = Cases.Json(100 << 10);
        Assert.InRange(json.Length, 100 << 10, 101 << 10);
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(json).RootElement.ValueKind);
    }

    [Fact]
    public void Every_language_has_every_case_and_a_path_of_its_own_for_each()
    {
        var all = Enum.GetValues<Language>().SelectMany(Cases.AllIn).ToList();
        Assert.Equal(15, all.Select(workload => workload.Path).Distinct().Count());
        var cases = all.GroupBy(workload => workload.Language).Select(group => string.Join('|', group.Select(workload => workload.Case)));
        Assert.Single(cases.Distinct());
    }

    [Fact]
    public void Ten_thousand_numbers_are_so_many_bytes() =>
        Assert.Equal(48_890, Cases.AllIn(Language.Python).Single(workload => workload.Printed is not null).Printed!.Bytes);

    [Theory]
    [InlineData(Language.JavaScript, "// text 0000000017\n")]
    [InlineData(Language.TypeScript, "// text 0000000017\n")]
    [InlineData(Language.Python, "# text 0000000017\n")]
    public void A_numbered_text_differs_in_a_comment(Language language, string line)
    {
        var hello = Cases.HelloIn(language);
        Assert.Equal(hello with { Source = line + hello.Source }, hello.Text(17));
    }

    [Theory]
    [InlineData(15, 4096, 48, 3392)]
    [InlineData(65_535, 1, 640, 0)]
    public void A_flood_is_written_in_blocks_and_what_remains(int line, int each, int blocks, int rest)
    {
        var lines = (each * blocks) + rest;
        var text = Cases.Flood(Language.Python, line, lines).Source;
        Assert.Contains($"block = line * {each}", text, StringComparison.Ordinal);
        Assert.Contains($"range({blocks})", text, StringComparison.Ordinal);
        Assert.Contains($"write(line * {rest})", text, StringComparison.Ordinal);
    }
}
