using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas pool</c> and <c>faas top</c>.</summary>
[Collection(nameof(CliServer))]
public sealed class PoolTests(CliServer server) : IDisposable
{
    private const string Long = "print('begins', flush=True)\nimport time\ntime.sleep(25)";
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_run_is_shown_and_cancelled()
    {
        await using var run = server.Client.Runs.StreamCodeAsync(Languages.Python, Long).GetAsyncEnumerator();
        await run.MoveNextAsync();
        var shown = (await _cli.RunAsync("pool")).Out;
        var line = shown.Split('\n').Single(one => one.Contains("/run-now  runs in", StringComparison.Ordinal));
        Assert.Contains("1 busy", shown);
        Assert.Matches(@"\n/run-now +1 +0 ", (await _cli.RunAsync("top", "--once")).Out);
        using var top = JsonDocument.Parse((await _cli.RunAsync("top", "-o", "json")).Out);
        Assert.Equal(1, top.RootElement[0].GetProperty("running").GetInt32());

        Assert.Equal(0, (await _cli.RunAsync("pool", "cancel", line.Split(' ')[0])).ExitCode);

        while (await run.MoveNextAsync() && run.Current is not RunFailed)
        {
        }

        Assert.Equal("cancelled", Assert.IsType<RunFailed>(run.Current).Problem.Reason);
        Assert.Equal(66, (await _cli.RunAsync("pool", "cancel", "nothing~1")).ExitCode);
    }

    [Fact]
    public async Task How_the_runs_of_the_last_minutes_went_is_shown_for_each_script()
    {
        await server.Client.Scripts.UploadAsync(new Upload("top/mixed", Languages.Python, "return 1 / event['by']"));
        await server.Client.Runs.RunAsync("top/mixed", new JsonObject { ["by"] = 1 });
        await Assert.ThrowsAsync<FaasException>(() => server.Client.Runs.RunAsync("top/mixed", new JsonObject { ["by"] = 0 }));

        Assert.Matches(@"\ntop/mixed +0 +0 +0\.0\d +[\d.]+ m?s +[\d.]+ m?s +1 ", (await _cli.RunAsync("top", "--once")).Out);
        using var top = JsonDocument.Parse((await _cli.RunAsync("top", "-o", "json")).Out);
        var script = top.RootElement.EnumerateArray().Single(one => one.GetProperty("path").GetString() == "top/mixed");
        Assert.Equal(1, script.GetProperty("failed").GetInt32());
        Assert.InRange(script.GetProperty("callsPerSecond").GetDouble(), 2 / 120.0 - 0.001, 2 / 60.0 + 0.001);
        Assert.InRange(script.GetProperty("p50Seconds").GetDouble(), 0.0001, script.GetProperty("p95Seconds").GetDouble());
    }

    [Fact]
    public async Task Changes_are_lines_of_JSON_for_a_program_and_Ctrl_C_ends_them()
    {
        using var process = _cli.Start("pool", "--watch", "-o", "json");
        Assert.Equal("pool", await EventAsync());
        await server.Client.Runs.RunCodeAsync(Languages.Python, "return 1");
        Assert.Contains(await EventAsync(), (string[])["sandbox", "sandbox_gone", "run", "run_gone", "counts"]);
        Signals.Send(process.Id, 2);
        Assert.Equal(130, (await CliProcess.EndAsync(process, process.StandardOutput.ReadToEndAsync())).ExitCode);

        async Task<string?> EventAsync()
        {
            using var line = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync())!);
            return line.RootElement.GetProperty("event").GetString();
        }
    }

    [Theory]
    [InlineData("SANDBOX", "pool", "--watch")]
    [InlineData("LONGEST", "top")]
    public async Task A_person_sees_a_table_that_goes_on(string column, params string[] arguments)
    {
        using var process = _cli.StartAtTerminal(arguments);
        var seen = new char[1 << 16];
        var length = 0;
        while (!new string(seen, 0, length).Contains(column, StringComparison.Ordinal))
        {
            var read = await process.StandardOutput.ReadAsync(seen.AsMemory(length));
            Assert.True(read > 0, new string(seen, 0, length));
            length += read;
        }

        await process.StandardInput.WriteAsync("\u0003"); // Ctrl+C, typed
        await process.StandardInput.FlushAsync();
        Assert.Equal(130, (await CliProcess.EndAsync(process, process.StandardOutput.ReadToEndAsync())).ExitCode);
    }

    [Fact]
    public async Task The_pool_is_drained_and_filled_again()
    {
        Assert.Equal(new CliResult(0, "", ""), await _cli.RunAsync("pool", "drain", "--within", "10s"));
        _cli.Write("one.py", "return 1");
        Assert.Equal(75, (await _cli.RunAsync("run", "one.py")).ExitCode);
        Assert.Equal(new CliResult(0, "", ""), await _cli.RunAsync("pool", "resume"));
        Assert.Equal(new CliResult(0, "1\n", ""), await _cli.RunAsync("run", "one.py"));
    }

    [Fact]
    public async Task A_duration_that_is_none_is_refused()
    {
        var result = await _cli.RunAsync("pool", "drain", "--within", "soon");
        Assert.Equal(64, result.ExitCode);
        Assert.Contains("--within is \"soon\"; allowed is a duration such as 30s or 5m.", result.Error);
    }
}
