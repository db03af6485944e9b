using System.Text.Json;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas run</c>.</summary>
[Collection(nameof(CliServer))]
public sealed class RunTests(CliServer server) : IDisposable
{
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("sum.py", "print('adding')\nreturn event['a'] + event['b']")]
    [InlineData("sum.js", "console.log('adding')\nreturn event.a + event.b")]
    [InlineData("sum.ts", "console.log('adding')\nconst sum: number = event.a + event.b\nreturn sum")]
    public async Task A_file_runs_in_the_language_of_its_name(string name, string code)
    {
        _cli.Write(name, code);
        Assert.Equal(new CliResult(0, "adding\n7\n", ""), await _cli.RunAsync("run", name, "--input", """{"a": 3, "b": 4}"""));
    }

    [Fact]
    public async Task Stdout_and_stderr_of_the_script_stay_apart()
    {
        _cli.Write("both.py", "import sys\nprint('out')\nprint('err', file=sys.stderr)\nreturn {'a': [1, 'ü']}");
        Assert.Equal(new CliResult(0, "out\n{\"a\":[1,\"ü\"]}\n", "err\n"), await _cli.RunAsync("run", "both.py"));
        Assert.Equal(new CliResult(0, "{\"a\":[1,\"ü\"]}\n", ""), await _cli.RunAsync("run", "both.py", "--quiet"));
    }

    [Theory]
    [InlineData("{\"a\": [1, {}]}")]
    [InlineData("[1, 2.50]")]
    [InlineData("null")]
    public async Task With_JSON_a_value_of_any_kind_is_the_data(string value)
    {
        _cli.Write("kind.js", $"return {value}");
        var result = await _cli.RunAsync("run", "kind.js", "--output", "json");
        Assert.Equal(0, result.ExitCode);
        using var json = JsonDocument.Parse(result.Out);
        using var expected = JsonDocument.Parse(value);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, json.RootElement.GetProperty("data")), result.Out);
    }

    [Fact]
    public async Task A_run_ends_when_the_reader_of_its_output_is_gone()
    {
        _cli.Write("endless.py", "import time\nwhile True:\n    print('line')\n    time.sleep(0.01)");
        using var process = _cli.Start("run", "endless.py");
        Assert.Equal("line", await process.StandardOutput.ReadLineAsync());
        process.StandardOutput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(141, process.ExitCode);
    }

    [Fact]
    public async Task With_JSON_stdout_has_one_document_and_the_output_is_on_stderr()
    {
        _cli.Write("both.py", "print('out')\nreturn 'text'");
        var result = await _cli.RunAsync("run", "both.py", "--output", "json");
        using var json = JsonDocument.Parse(result.Out);
        Assert.Equal("text", json.RootElement.GetProperty("data").GetString());
        Assert.True(json.RootElement.GetProperty("stats").GetProperty("wallSeconds").GetDouble() > 0);
        Assert.Equal((0, "out\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("print('{\"a\": 1}')", "{\"a\": 1}\n")]
    [InlineData("print('one')\nprint('two')", "one\ntwo\n")]
    [InlineData("x = 1", "")]
    [InlineData("return None", "")]
    public async Task What_the_script_has_printed_is_not_shown_a_second_time(string code, string output)
    {
        _cli.Write("print.py", code);
        var result = await _cli.RunAsync("run", "print.py");
        Assert.Equal((0, output), (result.ExitCode, result.Out));
    }

    [Theory]
    [InlineData(1, "raise ValueError('bad value')", "ValueError: bad value")]
    [InlineData(2, "return (", "(line 1, column 8) [syntax]")]
    [InlineData(3, "import os\nos._exit(9)", "[exit]")]
    [InlineData(4, "import os\nos.kill(os.getpid(), 9)", "[signal]")]
    [InlineData(5, "# faas: memory = 64M\nx = bytearray(500_000_000)\nreturn len(x)", "[oom]")]
    [InlineData(6, "# faas: timeout = 200ms\nimport time\ntime.sleep(20)", "[timeout]")]
    public async Task The_exit_code_says_the_reason(int exitCode, string code, string said)
    {
        _cli.Write("fails.py", code);
        var result = await _cli.RunAsync("run", "fails.py");
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error);
    }

    [Fact]
    public async Task Input_comes_from_a_file_or_from_stdin_and_code_from_stdin_too()
    {
        _cli.Write("echo.js", "return event");
        _cli.Write("input.json", "[1, 2]");
        Assert.Equal("[1,2]\n", (await _cli.RunAsync("run", "echo.js", "-i", "@input.json")).Out);
        Assert.Equal("text\n", (await _cli.RunAsync("\"text\"", ["run", "echo.js", "-i", "-"])).Out);
        Assert.Equal("3\n", (await _cli.RunAsync("return 3", ["run", "-", "--language", "javascript"])).Out);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("12345678901234567890123", "12345678901234567890123")]
    [InlineData("[1e400, 1.10]", "[1e400, 1.10]")]
    [InlineData(" \"null\"", "\"null\"")]
    [InlineData("\"\\ud800\"", "\"\\ud800\"")]
    [InlineData("{\"a\": -0.0}", "{\"a\": -0.0}")]
    public async Task An_input_reaches_the_script_as_it_was_typed(string input, string seen)
    {
        _cli.Write("seen.py", "import json\nreturn json.dumps(event)");
        var result = await _cli.RunAsync("run", "seen.py", "--quiet", "--input", input);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(seen == "[1e400, 1.10]" ? "[Infinity, 1.1]\n" : $"{seen}\n", result.Out);
    }

    [Fact]
    public async Task An_input_may_have_hundreds_of_levels()
    {
        _cli.Write("deep.py", "levels = 0\nwhile event:\n    event, levels = event[0], levels + 1\nreturn levels");
        _cli.Write("deep.json", new string('[', 500) + new string(']', 500));
        Assert.Equal("499\n", (await _cli.RunAsync("run", "deep.py", "--quiet", "--input", "@deep.json")).Out);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_run_on_the_server()
    {
        _cli.Write("long.py", "# faas: timeout = 25s\nprint('begins', flush=True)\nimport time\ntime.sleep(25)");
        using var process = _cli.Start("run", "long.py");
        Assert.Equal("begins", await process.StandardOutput.ReadLineAsync());
        Assert.Contains((await server.Client.Pool.GetAsync()).Runs, run => run.Path == "/run-now");

        Signals.Send(process.Id, 2);

        var result = await CliProcess.EndAsync(process, process.StandardOutput.ReadToEndAsync());
        Assert.Equal(130, result.ExitCode);
        await Eventually.HoldsAsync(
            async () => (await server.Client.Pool.GetAsync()).Runs.Count == 0, TimeSpan.FromSeconds(10), () => "the run goes on");
    }

    [Fact]
    public async Task A_watched_file_runs_again_when_it_changes_even_while_it_runs_or_cannot_be_read()
    {
        var file = _cli.Write("watched.py", "return (");
        using var process = _cli.Start("run", "watched.py", "--watch");
        Assert.Contains("[syntax]", await process.StandardError.ReadLineAsync());
        await ReplaceAsync("print('long', flush=True)\nimport time\ntime.sleep(25)");
        Assert.Equal("long", await process.StandardOutput.ReadLineAsync());
        await ReplaceAsync("return 'third'");
        Assert.Equal("third", await process.StandardOutput.ReadLineAsync());

        Signals.Send(process.Id, 2);

        Assert.Equal(130, (await CliProcess.EndAsync(process, process.StandardOutput.ReadToEndAsync())).ExitCode);

        // As editors save: another file takes the place of the old one.
        async Task ReplaceAsync(string code)
        {
            await File.WriteAllTextAsync($"{file}.new", code);
            File.Move($"{file}.new", file, overwrite: true);
        }
    }

    [Theory]
    [InlineData(64, "no language", "run", "x.rb")]
    [InlineData(66, "There is no file missing.py", "run", "missing.py")]
    [InlineData(64, "it is unclear which file runs", "run", ".", "-l", "python")]
    [InlineData(64, "--input is no JSON", "run", "ok.py", "-i", "text")]
    [InlineData(66, "There is no file no.json", "run", "ok.py", "-i", "@no.json")]
    [InlineData(64, "--language is \"perl\"; allowed is one of javascript, typescript, python.", "run", "ok.py", "-l", "perl")]
    [InlineData(64, "did you mean --input?", "run", "ok.py", "--inptu", "1")]
    [InlineData(64, "ok.bad.py: \"timeout\" is \"soon\"; allowed is a number of seconds", "run", "ok.bad.py")]
    [InlineData(64, "There is no argument \"maybe\"", "run", "ok.py", "--quiet=maybe")]
    [InlineData(64, "--input is no JSON: line 1, column 2: ", "run", "ok.py", "--input", "{")]
    [InlineData(64, "FILE|DIR is empty.", "run", "")]
    [InlineData(66, "no text in UTF-8", "run", "binary.py")]
    public async Task What_makes_no_sense_is_named_with_what_is_allowed(int exitCode, string said, params string[] arguments)
    {
        _cli.Write("x.rb", "1");
        _cli.Write("ok.py", "return 1");
        _cli.Write("ok.bad.py", "# faas: timeout = soon\nreturn 1");
        await File.WriteAllBytesAsync(Path.Combine(_cli.Folder, "binary.py"), [0xff, 0xfe]);
        var result = await _cli.RunAsync(arguments);
        Assert.Equal((exitCode, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error);
        Assert.Equal(1, result.Error.Count(character => character == '\n'));
    }
}
