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
    [InlineData("import", " ")]
    [InlineData("import(", "\n")]
    [InlineData("", "import ")]
    public void A_source_of_blanks_is_read_in_one_pass(string begin, string repeated) =>
        Assert.False(ScriptCode.Of(
            Language.JavaScript, $"{begin}{string.Concat(Enumerable.Repeat(repeated, 400_000))}npm:").MayNeedLibraries());

    [Theory]
    [InlineData("# /// script\n", "\n")]
    [InlineData("# /// script\n", "#\n")]
    [InlineData("", "# /// script\n")]
    [InlineData("# /// script\n#", " ")]
    public void A_source_of_blanks_and_comments_in_Python_is_read_in_one_pass(string begin, string repeated) =>
        Assert.False(ScriptCode.Of(
            Language.Python, $"{begin}{string.Concat(Enumerable.Repeat(repeated, 400_000))}x").MayNeedLibraries());

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

    [Theory]
    [InlineData("# /// script\n# dependencies = ['a']\n# ///\nreturn 1", true)]
    [InlineData("import b\n# /// script\n#\n# requires-python = '>=3.11'\n# ///\n", true)]
    [InlineData("# /// script\r\n# dependencies = ['a']\r\n# ///\r\n", true)]
    [InlineData("# /// script\n# 'dependencies' = ['a']\n# ///", true)]
    [InlineData("# /// script\n# ///\n# dependencies = 1", false)]
    [InlineData("# /// other\n# dependencies = ['a']\n# ///", false)]
    [InlineData("# dependencies = ['a']\nreturn 1", false)]
    [InlineData("import requests", false)]
    public void A_block_of_metadata_is_a_mark_of_Python(string source, bool isMarked)
    {
        Assert.Equal(isMarked, ScriptCode.Of(Language.Python, source).MayNeedLibraries());
        Assert.False(ScriptCode.Of(Language.JavaScript, source).MayNeedLibraries());
    }

    [Theory]
    [InlineData("requirements.txt", true)]
    [InlineData("lib/requirements.txt", false)]
    [InlineData("package.json", false)]
    public void A_file_of_requirements_is_a_mark_of_Python(string name, bool isMarked)
    {
        var tree = SourceTree.Of("main.py", [SourceFile.OfText("main.py", "return 1"), SourceFile.OfText(name, "{}")]);
        Assert.Equal(isMarked, ScriptCode.Of(Language.Python, tree).MayNeedLibraries());
    }

    [Theory]
    [InlineData(Language.JavaScript)]
    [InlineData(Language.Python)]
    public void What_the_upload_names_is_a_mark(Language language)
    {
        var code = ScriptCode.Of(language, "return 1") with { Dependencies = Dependencies.Of(["lodash"]) };
        Assert.True(code.MayNeedLibraries());
    }
}
