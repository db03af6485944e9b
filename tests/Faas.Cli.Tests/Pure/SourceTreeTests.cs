using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Tests.Pure;

public sealed class SourceTreeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-tree-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.py", "python")]
    [InlineData("A.PY", "python")]
    [InlineData("a.mjs", "javascript")]
    [InlineData("a.cts", "typescript")]
    [InlineData("a.d.ts", null)]
    [InlineData("a.d.mts", null)]
    [InlineData("a.d.cts", null)]
    [InlineData("a.rb", null)]
    [InlineData("py", null)]
    public void The_end_of_a_name_says_the_language(string name, string? language) => Assert.Equal(language, LanguageOfFile.Of(name));

    [Fact]
    public void A_tree_has_its_scripts_by_name_and_nothing_hidden_or_made()
    {
        foreach (var name in (string[])["b.py", "a/x.js", "a/y.v2.ts", ".git/z.py", ".z.py", "node_modules/m.js", "a/__pycache__/c.py", "data.json"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
            File.WriteAllText(Path.Combine(_folder, name), "");
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder, "a", "loop"), _folder);
        Assert.Equal(["a/x", "a/y.v2", "b"], SourceTree.FilesBelow(_folder).Select(file => SourceTree.PathIn(_folder, file)));
    }

    [Fact]
    public void A_folders_entry_is_a_script_named_main_or_index_or_in_python_the_main_module()
    {
        foreach (var name in (string[])["js/__main__.js", "js/b.js", "py/__main__.py", "py/b.py", "ts/main.d.mts", "ts/b.ts"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
            File.WriteAllText(Path.Combine(_folder, name), "1");
        }

        Assert.Contains(
            "--entry names it: __main__.js, b.js.",
            Assert.Throws<CliException>(() => TreeFolder.Read(Path.Combine(_folder, "js"))).Message,
            StringComparison.Ordinal);
        Assert.Equal("__main__.py", TreeFolder.Read(Path.Combine(_folder, "py")).Tree!.Entry);
        Assert.Equal("b.ts", TreeFolder.Read(Path.Combine(_folder, "ts")).Tree!.Entry);
    }

    [Fact]
    public void Two_files_of_one_path_are_refused() => Assert.Equal(
        "a.py and a.js would both be the script \"a\"; rename one, or set its path.",
        Assert.Throws<CliException>(() => SourceTree.CheckUnique([("a", "a.py"), ("b", "b.py"), ("a", "a.js")])).Message);
}
