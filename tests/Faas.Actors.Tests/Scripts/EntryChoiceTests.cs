using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class EntryChoiceTests
{
    [Theory]
    [InlineData(Language.JavaScript, "main.js", "main.js", "lib/index.js", "other.js")]
    [InlineData(Language.JavaScript, "index.mjs", "index.mjs", "main.ts", "main.py")]
    [InlineData(Language.TypeScript, "main.ts", "main.ts", "index.js", "index.d.ts")]
    [InlineData(Language.TypeScript, "b.ts", "b.ts", "a.d.ts", "a.d.mts", "a.d.cts")]
    [InlineData(Language.Python, "__main__.py", "__main__.py", "lib/main.py")]
    [InlineData(Language.Python, "src/app.py", "src/app.py", "data.json")]
    public void The_only_file_of_the_name_or_of_the_language_runs(Language language, string entry, params string[] names) =>
        Assert.Equal<(string?, string?)>((entry, null), EntryChoice.Of(language, names));

    [Theory]
    [InlineData(Language.JavaScript, "The entry is unclear; name it: \"index.js\", \"main.js\".", "main.js", "index.js", "x.js")]
    [InlineData(
        Language.Python, "The entry is unclear: no file is named main or index; name it: \"a.py\", \"b/main.py\".", "a.py", "b/main.py")]
    [InlineData(
        Language.JavaScript,
        "The entry is unclear: no file is named main or index; name it: \"__main__.js\", \"b.js\".",
        "__main__.js",
        "b.js")]
    [InlineData(Language.TypeScript, "No file of the tree ends in .ts, .mts, .cts, .tsx.", "main.js", "a.d.ts")]
    public void An_unclear_entry_is_refused_with_the_candidates(Language language, string why, params string[] names) =>
        Assert.Equal<(string?, string?)>((null, why), EntryChoice.Of(language, names));

    [Theory]
    [InlineData("a.d.ts")]
    [InlineData("a.d.mts")]
    [InlineData("a.d.cts")]
    public void A_declaration_of_types_is_no_entry(string entry) => Assert.Equal(
        $"\"{entry}\" cannot be the entry: its name must end in .ts, .mts, .cts, .tsx, and not in .d.ts, .d.mts, .d.cts.",
        EntryChoice.Check(Language.TypeScript, entry, [entry]));

    [Theory]
    [InlineData("lib/a.js", null)]
    [InlineData("b.js", "There is no file \"b.js\"; those that can be the entry are \"a.js\", \"lib/a.js\".")]
    [InlineData("c.ts", "\"c.ts\" cannot be the entry: its name must end in .js, .mjs, .cjs, .jsx.")]
    public void An_entry_that_is_named_must_be_a_file_of_the_language(string entry, string? why) =>
        Assert.Equal(why, EntryChoice.Check(Language.JavaScript, entry, ["a.js", "lib/a.js", "c.ts"]));
}
