using System.Text.RegularExpressions;
using CsCheck;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Compilation;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Compilation;

/// <summary>Returns beside imports and awaits. Names that begin with <c>at</c> mark places: each must map back to where it is.</summary>
public sealed partial class MaskedReturnsTests : CompilerUnderTest
{
    public static TheoryData<string, int> Scripts => new()
    {
        { "import fs from 'node:fs';\nreturn fs.at1(at2)", 1 },
        { "await at1;\nif (at2) return at3; else return at4;\nreturn", 3 },
        { "await 1; if (at1) { return; } at2(); if (at3) { return /* none */ ; } at4()", 2 },
        { "await 1\nreturn // nothing\nat1()", 1 },
        { "await 1\nreturn /* over\nlines */ at1()", 1 },
        { "await 1; return/* on a line */at1", 1 },
        { "await 1; return(at1), at2", 1 },
        { "await 1; return/at1/.test(at2)", 1 },
        { "await 1; return async () => { return at1 }", 2 },
        { "await 1; return <number>at1 as any satisfies unknown", 1 },
        { "await 1; for (const at1 of at2) { try { return at3 } catch { return } finally { at4() } }", 2 },
        { "await 1; switch (at1) { case at2: return at3; default: return at4 }", 2 },
        { "await 1; at0: while (at1) { if (at2) return at3; else break at0 }", 1 },
        { "await 1; return at1; at2(); return at3", 2 },
        { "await 1; if (false) return at1; throw at2", 1 },
        { "await 1; if (at1) throw 0; return 0", 1 },
        { "import { at1 } from 'x'; namespace N { export const q = at1 }\nreturn N.q + at2", 1 },
        { "#!/usr/bin/env node\nawait at1; return at2", 1 },
        { "await at1; const at2 = 'ä😀', at3 = 1; return at4 + at2", 1 },
        { "await 1;\r\nreturn at1;\u2028return at2", 2 },
        { "function f() { return at1 }\nclass A { get b() { return at2 } }\nawait f(); return () => { return }", 4 },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Each_return_comes_back_and_every_place_stays(string source, int returns)
    {
        var code = await CompiledAsync(source);

        Assert.Equal(returns, Return().Count(code.JavaScript));
        Assert.Equal(Regex.Count(source, @"\bthrow\b"), Regex.Count(code.JavaScript, @"\bthrow\b"));
        AssertEveryPlaceMaps(source, code);
    }

    [Fact]
    public async Task However_many_there_are_on_a_line_the_columns_are_right()
    {
        var statements = Gen.OneOf(
            "if (AT) return;", "if (AT) return AT;", "AT();", "if (AT) { return }", "\n", "for (;;) { if (AT) return; }");
        await statements.Array[1, 30].SampleAsync(async parts =>
        {
            var number = 0;
            var source = "await at0; " + string.Concat(parts.Select(part => AT().Replace(part, _ => $"at{++number}")));

            var code = await CompiledAsync(source);

            Assert.Equal(Return().Count(source), Return().Count(code.JavaScript));
            AssertEveryPlaceMaps(source, code);
        }, iter: 15);
    }

    private static void AssertEveryPlaceMaps(string source, CompiledJavaScript code)
    {
        var segments = SourceMap.Parse(code.SourceMap).Segments.ToLookup(segment => (segment.Line, segment.Column));
        var (sourceLines, codeLines) = (LineEnd().Split(source), code.JavaScript.Split('\n'));
        var mapped = 0;
        foreach (var (line, number) in codeLines.Select((line, number) => (line, number)))
        {
            foreach (Match name in Place().Matches(line))
            {
                foreach (var segment in segments[(number, name.Index)].Where(segment => segment.HasSource))
                {
                    mapped++;
                    Assert.StartsWith(name.Value, sourceLines[segment.SourceLine][segment.SourceColumn..], StringComparison.Ordinal);
                }
            }
        }

        Assert.True(mapped > 0 || !Place().IsMatch(code.JavaScript) || source.Contains("/at1/", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\breturn\b")]
    private static partial Regex Return();

    [GeneratedRegex(@"\bat\d+\b")]
    private static partial Regex Place();

    [GeneratedRegex("AT")]
    private static partial Regex AT();

    [GeneratedRegex("\r\n|[\n\r\u2028\u2029]")]
    private static partial Regex LineEnd();
}
