using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Runtimes;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Runtimes;

public sealed class RuntimeFilesTests : OwnFolder
{
    private readonly SandboxOptions _options;

    public RuntimeFilesTests()
    {
        MakeFile("runtimes/PROTOCOL.md");
        _options = SandboxTestOptions.Default with
        {
            RuntimesDir = Path.Combine(Folder, "runtimes"),
            Node = MakeFile("own/node"),
            Esbuild = MakeFile("own/esbuild"),
        };
    }

    [Fact]
    public void What_is_set_is_taken()
    {
        var files = RuntimeFiles.Find(_options);

        Assert.Equal((_options.RuntimesDir, _options.Node, _options.Esbuild), (files.Folder, files.Node, files.Esbuild));
    }

    [Fact]
    public void What_is_not_set_is_looked_for_in_the_runtimes_folder()
    {
        var refused = Assert.Throws<SandboxStartException>(() => RuntimeFiles.Find(_options with { Node = "" }));
        var missing = refused.Message[..refused.Message.IndexOf(" is missing", StringComparison.Ordinal)];
        Assert.StartsWith(_options.RuntimesDir, missing, StringComparison.Ordinal);
        Assert.Contains("npm ci", refused.Message, StringComparison.Ordinal);
        Assert.Contains("faas.sandbox.node", refused.Message, StringComparison.Ordinal);

        MakeFile(missing);

        Assert.Equal(missing, RuntimeFiles.Find(_options with { Node = "" }).Node);
    }

    [Fact]
    public void Without_a_setting_the_runtimes_folder_is_found_above_the_program() =>
        Assert.True(File.Exists(Path.Combine(RuntimeFiles.Find(_options with { RuntimesDir = "" }).Folder, "python", "zygote.py")));

    [Fact]
    public void A_runtimes_folder_that_is_none_is_named_with_its_setting()
    {
        var wrong = MakeFolder("wrong");

        Refuses(_options with { RuntimesDir = wrong }, $"faas.sandbox.runtimes-dir = \"{wrong}\"");
    }

    [Theory]
    [InlineData("node")]
    [InlineData("esbuild")]
    [InlineData("python")]
    public void A_program_that_is_not_there_is_named_with_its_setting(string program)
    {
        const string wrong = "/no/such/program";

        Refuses(
            program switch
            {
                "node" => _options with { Node = wrong },
                "esbuild" => _options with { Esbuild = wrong },
                _ => _options with { Python = wrong },
            },
            $"faas.sandbox.{program} = \"{wrong}\": there is no such file.");
    }

    [Fact]
    public void No_python_at_all_is_named_with_its_setting() => Refuses(_options with { Python = "" }, "faas.sandbox.python = \"\"");

    [Fact]
    public void A_python_that_sandboxes_do_not_see_is_refused_at_the_start()
    {
        var python = MakeFile("own/python3");

        Refuses(_options with { Python = python }, $"faas.sandbox.python = \"{python}\" is ");
    }

    [Fact]
    public void A_python_behind_links_is_taken_where_sandboxes_see_it()
    {
        var link = Path.Combine(Folder, "python3");
        File.CreateSymbolicLink(link, "/usr/bin/python3");

        var python = RuntimeFiles.Find(_options with { Python = link }).Python;

        Assert.StartsWith("/usr/", python, StringComparison.Ordinal);
        Assert.Null(new FileInfo(python).LinkTarget);
    }

    private static void Refuses(SandboxOptions options, string why)
    {
        var refused = Assert.Throws<SandboxStartException>(() => RuntimeFiles.Find(options));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
