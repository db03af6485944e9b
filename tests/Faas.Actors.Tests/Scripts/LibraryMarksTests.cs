using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class LibraryMarksTests
{
    [Theory]
    [InlineData("import _ from 'npm:lodash@4'", true)]
    [InlineData("import { a,\n b } from \"npm:lodash\"", true)]
    [InlineData("import 'npm:side-effect'", true)]
    [InlineData("const _ = await import('npm:lodash')", true)]
    [InlineData("const _ = require( `npm:lodash` )", true)]
    [InlineData("export * from'npm:lodash'", true)]
    [InlineData("return 'npm:lodash'", false)]
    [InlineData("import fs from 'node:fs'", false)]
    [InlineData("// run npm: install", false)]
    public void An_import_by_npm_is_a_mark(string source, bool isMarked)
    {
        Assert.Equal(isMarked, ScriptCode.Of(Language.JavaScript, source).MayNeedLibraries());
        Assert.Equal(isMarked, ScriptCode.Of(Language.TypeScript, source).MayNeedLibraries());
        Assert.False(ScriptCode.Of(Language.Python, source).MayNeedLibraries());
    }

    [Theory]
    [InlineData("lib/a.js", "import 'npm:a'", true)]
    [InlineData("package.json", """{"dependencies": {"a": "1"}}""", true)]
    [InlineData("package.json", "{", true)]
    [InlineData("package.json", """{"type": "module"}""", false)]
    [InlineData("lib/package.json", """{"dependencies": {"a": "1"}}""", false)]
    [InlineData("note.txt", "import 'npm:a'", false)]
    public void A_file_of_a_tree_is_a_mark(string name, string text, bool isMarked)
    {
        var tree = SourceTree.Of("main.js", [SourceFile.OfText("main.js", "return 1"), SourceFile.OfText(name, text)]);
        Assert.Equal(isMarked, ScriptCode.Of(Language.JavaScript, tree).MayNeedLibraries());
    }

    [Fact]
    public void What_the_upload_names_is_a_mark()
    {
        var code = ScriptCode.Of(Language.JavaScript, "return 1") with { Dependencies = Dependencies.Of(["lodash"]) };
        Assert.True(code.MayNeedLibraries());
    }
}
