using System.Text.Json;

namespace Faas.Cli.Tests.Commands;

/// <summary>Files that <c>faas run</c> and <c>faas call</c> bring to a script, and those that it leaves.</summary>
[Collection(nameof(CliServer))]
public sealed class FileTests(CliServer server) : IDisposable
{
    // Leaves each file that it was brought in upper case, and one with bytes that are no text.
    private const string Upper = """
        import os
        os.makedirs("/tmp/out", exist_ok=True)
        names = sorted(os.listdir("/tmp/in")) if os.path.isdir("/tmp/in") else []
        for name in names:
            open(f"/tmp/out/{name}", "wb").write(open(f"/tmp/in/{name}", "rb").read().upper())
        open("/tmp/out/raw.png", "wb").write(b"\0\xff\n")
        return names
        """;

    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_script_finds_the_files_that_are_brought_and_those_that_it_leaves_are_written()
    {
        _cli.Write("upper.py", Upper);
        _cli.Write("data/a=b.csv", "one,two");
        var result = await _cli.RunAsync(
            "three", ["run", "upper.py", "--file", "./data/a=b.csv", "--file", "in.txt=-", "--out", "made/here"]);
        Assert.Equal(new CliResult(0, "[\"a=b.csv\",\"in.txt\"]\n", ""), result);
        Assert.Equal(("ONE,TWO", "THREE"), (Read("made/here/a=b.csv"), Read("made/here/in.txt")));
        Assert.Equal([0, 0xff, 10], await File.ReadAllBytesAsync(Path.Combine(_cli.Folder, "made/here/raw.png")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stored_script_is_brought_files_too_with_and_without_a_stream(bool stream)
    {
        _cli.Write("upper.py", Upper);
        _cli.Write("a.txt", "a");
        Assert.Equal(0, (await _cli.RunAsync("push", "upper.py", "--path", "files/upper")).ExitCode);
        string[] arguments = ["call", "files/upper", "--file", "a.txt", "--out", "left"];
        Assert.Equal(new CliResult(0, "[\"a.txt\"]\n", ""), await _cli.RunAsync(stream ? [.. arguments, "--stream"] : arguments));
        Assert.Equal("A", Read("left/a.txt"));
    }

    [Fact]
    public async Task Files_that_are_not_written_are_named_and_with_JSON_they_are_in_it()
    {
        _cli.Write("upper.py", Upper);
        var noted = "faas: the script has left raw.png (3 B); --out DIR keeps files.\n";
        Assert.Equal(new CliResult(0, "[]\n", noted), await _cli.RunAsync("run", "upper.py"));

        var (inside, beside) = (await JsonAsync("run", "upper.py"), await JsonAsync("run", "upper.py", "--out", "o"));

        Assert.Equal("""{"name":"raw.png","size":3,"mediaType":"image/png","base64":"AP8K"}""", inside);
        Assert.Equal("""{"name":"raw.png","size":3,"mediaType":"image/png","file":"o/raw.png"}""", beside);
        Assert.True(File.Exists(Path.Combine(_cli.Folder, "o/raw.png")));
    }

    [Theory]
    [InlineData(64, "faas: --file is \"=x\"; allowed is FILE, NAME=FILE or NAME=-.", "--file", "=x")]
    [InlineData(64, "faas: --file is \"-\"; allowed is FILE, NAME=FILE or NAME=-.", "--file", "-")]
    [InlineData(64, "faas: --file is \"a=\"; allowed is FILE, NAME=FILE or NAME=-.", "--file", "a=")]
    [InlineData(64, "faas: stdin is named twice, and can be read once.", "--file", "a=-", "--input", "-")]
    [InlineData(64, "faas: stdin is named twice, and can be read once.", "--file", "a=-", "--input", "@-")]
    [InlineData(66, "faas: There is no file none.csv.", "--file", "none.csv")]
    [InlineData(66, "faas: . is a folder; a file is needed.", "--file", "a=.")]
    [InlineData(64, "faas: half is too large: a call brings at most 64 MiB, all its files together.", "--file", "half", "--file", "b=half")]
    [InlineData(64, "faas: /dev/zero is too large: a call brings at most 64 MiB, all its files together.", "--file", "/dev/zero")]
    [InlineData(74, "faas: never.py/out cannot be written: ", "--out", "never.py/out")]
    public async Task What_makes_no_sense_is_said_before_the_script_runs(int exitCode, string line, params string[] arguments)
    {
        _cli.Write("never.py", "open('/tmp/ran', 'w')\nraise SystemExit(9)");
        await using (var half = File.Create(Path.Combine(_cli.Folder, "half")))
        {
            half.SetLength((32 << 20) + 1);
        }

        var result = await _cli.RunAsync(["run", "never.py", .. arguments]);

        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.StartsWith(line, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("upper.py")]
    public async Task A_file_of_the_call_itself_is_never_replaced_and_the_value_is_shown_all_the_same(string name)
    {
        _cli.Write("upper.py", Upper);
        _cli.Write("a.txt", "a");
        var result = await _cli.RunAsync("run", "upper.py", "--file", $"{name}=a.txt", "--out", ".");
        Assert.Equal((74, $"[\"{name}\"]\n"), (result.ExitCode, result.Out));
        Assert.Equal($"faas: ./{name} is not written: it is a file of this call. --out names another folder.\n", result.Error);
        Assert.Equal(("a", Upper), (Read("a.txt"), Read("upper.py")));
    }

    [Fact]
    public async Task A_name_of_full_length_is_written()
    {
        var name = new string('n', 255);
        _cli.Write("long.py", $"open('/tmp/out/{name}', 'w').write('x')");
        _cli.Write("a.txt", "a");
        Assert.Equal(0, (await _cli.RunAsync("run", "long.py", "--file", "a.txt", "--out", "left")).ExitCode);
        Assert.Equal("x", Read($"left/{name}"));
    }

    [Fact]
    public async Task A_file_that_the_server_refuses_is_told_in_its_words()
    {
        _cli.Write("upper.py", Upper);
        _cli.Write("a.txt", "a");
        var result = await _cli.RunAsync("run", "upper.py", "--file", "a.txt", "--file", "a.txt=upper.py");
        Assert.Equal((65, ""), (result.ExitCode, result.Out));
        Assert.Contains("a.txt", result.Error, StringComparison.Ordinal);
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(_cli.Folder, name));

    private async Task<string> JsonAsync(params string[] arguments)
    {
        var result = await _cli.RunAsync([.. arguments, "-o", "json"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var document = JsonDocument.Parse(result.Out);
        return Assert.Single(document.RootElement.GetProperty("files").EnumerateArray()).GetRawText();
    }
}
