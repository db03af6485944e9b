using System.Text.Json.Nodes;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas call --async</c>, <c>faas wait</c> and <c>faas runs</c>; and the client's part of it.</summary>
[Collection(nameof(CliServer))]
public sealed class KeptRunTests(CliServer server) : IDisposable
{
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_run_is_begun_awaited_and_shown()
    {
        await UploadAsync("kept/sum", "import sys\nprint('adding')\nprint('care', file=sys.stderr)\nreturn event['a'] + 1");
        var begun = await _cli.RunAsync("call", "kept/sum", "--async", "--priority", "9", "--input", "{\"a\": 41}");
        Assert.Equal((0, ""), (begun.ExitCode, begun.Error));
        var id = begun.Out.Trim();

        var waited = await _cli.RunAsync("wait", id);
        Assert.Equal((0, "adding\n42\n", "care\n"), (waited.ExitCode, waited.Out, waited.Error));
        var logs = await _cli.RunAsync("logs", id);
        Assert.Equal((0, "adding\n", "care\n"), (logs.ExitCode, logs.Out, logs.Error));
        var shown = (await _cli.RunAsync("runs", "show", id)).Out;
        Assert.Matches(@"reason +ok\n", shown);
        Assert.Matches(@"priority +9\n", shown);
        Assert.Matches(@"value +42\n", shown);
        Assert.Contains(id, (await _cli.RunAsync("runs", "--path", "kept/sum", "--reason", "ok")).Out);
        Assert.DoesNotContain(id, (await _cli.RunAsync("runs", "--path", "kept/sum", "--state", "queued")).Out);
        Assert.Equal(66, (await _cli.RunAsync("runs", "show", "none~k0123456789abcdef")).ExitCode);
    }

    [Fact]
    public async Task The_exit_code_of_a_wait_says_how_the_run_ended()
    {
        await UploadAsync("kept/failing", "raise ValueError('no')");
        var id = (await _cli.RunAsync("call", "kept/failing", "--async")).Out.Trim();
        var waited = await _cli.RunAsync("wait", id);
        Assert.Equal((1, ""), (waited.ExitCode, waited.Out));
        Assert.Contains("[error]", waited.Error);

        var late = (await _cli.RunAsync("call", "kept/failing", "--async", "--not-before", "2126-01-01T00:00:00Z"));
        Assert.Equal(65, late.ExitCode); // further than a year
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ");
        id = (await _cli.RunAsync("call", "kept/failing", "--async", "--not-before", tomorrow)).Out.Trim();
        Assert.Equal(0, (await _cli.RunAsync("runs", "cancel", id)).ExitCode);
        Assert.Equal(65, (await _cli.RunAsync("runs", "cancel", id)).ExitCode);
        Assert.Equal(130, (await _cli.RunAsync("wait", id)).ExitCode);
        Assert.Equal(64, (await _cli.RunAsync("call", "kept/failing", "--priority", "3")).ExitCode);
    }

    [Fact]
    public async Task A_run_hands_its_value_on_to_another_script_and_is_started_again_as_its_version_says()
    {
        await UploadAsync("kept/first", "return 41");
        await UploadAsync("kept/second", "return event + 1");
        var id = (await _cli.RunAsync("call", "kept/first", "--async", "--then", "kept/second", "--on-failure", "kept/first")).Out.Trim();
        await _cli.RunAsync("wait", id);
        var shown = (await _cli.RunAsync("runs", "show", id)).Out;
        var next = shown.Split('\n').Single(line => line.StartsWith("next ", StringComparison.Ordinal)).Split(' ')[^1].Trim();
        Assert.Equal("42", (await _cli.RunAsync("wait", next)).Out.Trim());
        Assert.Contains(id, (await _cli.RunAsync("runs", "show", next)).Out, StringComparison.Ordinal);
        Assert.Equal(66, (await _cli.RunAsync("call", "kept/first", "--async", "--then", "kept/none")).ExitCode);
        Assert.Equal(64, (await _cli.RunAsync("call", "kept/first", "--then", "kept/second")).ExitCode);

        var settings = new ScriptSettings { Retry = new RetryPolicy(2) { On = ["error"], Delay = TimeSpan.Zero } };
        await server.Client.Scripts.UploadAsync(new Upload("kept/again", Languages.Python, "raise ValueError('no')", settings));
        id = (await _cli.RunAsync("call", "kept/again", "--async")).Out.Trim();
        Assert.Equal(1, (await _cli.RunAsync("wait", id)).ExitCode);
        shown = (await _cli.RunAsync("runs", "show", id)).Out;
        Assert.Matches(@"attempt +2\n", shown);
        Assert.Matches(@"last failure +error: ", shown);
    }

    [Fact]
    public async Task Dead_letters_are_listed_and_run_again()
    {
        await UploadAsync("kept/dead", "raise ValueError('no')");
        var id = (await _cli.RunAsync("call", "kept/dead", "--async")).Out.Trim();
        await _cli.RunAsync("wait", id);
        Assert.Contains(id, (await _cli.RunAsync("runs", "--dead", "--path", "kept/dead")).Out);
        await UploadAsync("kept/dead", "return 'mended'");
        var again = await _cli.RunAsync("runs", "redrive", id, "--to", "latest");
        Assert.Equal((0, "mended"), (again.ExitCode, (await _cli.RunAsync("wait", again.Out.Trim())).Out.Trim()));
        Assert.DoesNotContain(id, (await _cli.RunAsync("runs", "--dead", "--path", "kept/dead")).Out);
        Assert.Equal(65, (await _cli.RunAsync("runs", "redrive", id)).ExitCode);

        await UploadAsync("kept/dead", "raise ValueError('still')");
        id = (await _cli.RunAsync("call", "kept/dead", "--async")).Out.Trim();
        await _cli.RunAsync("wait", id);
        var none = await _cli.RunAsync("runs", "redrive", "--path", "kept/dead", "--schedule", "nightly");
        var said = "faas: No dead letter matches, so nothing runs again.\n"; // no schedule has started it
        Assert.Equal((0, "", said), (none.ExitCode, none.Out, none.Error));
        var many = await _cli.RunAsync("runs", "redrive", "--path", "kept/dead");
        Assert.Equal((0, id), (many.ExitCode, (await server.Client.KeptRuns.GetAsync(many.Out.Trim())).Redrives));
        Assert.Equal(64, (await _cli.RunAsync("runs", "redrive", id, "--path", "kept")).ExitCode);
        Assert.Equal(64, (await _cli.RunAsync("runs", "redrive", id, "--schedule", "nightly")).ExitCode);
    }

    [Theory]
    [InlineData("The option \"--dead\" is one of `faas runs`, and not of `faas runs redrive`.", "redrive", "--dead")]
    [InlineData("There is no option \"--pth\"; did you mean --path?", "redrive", "--pth", "kept/dead")]
    [InlineData("The option \"--path\" stands before \"redrive\", which does not see it there", "--path", "kept/dead", "redrive")]
    public async Task An_option_that_redrive_does_not_have_or_see_is_named_and_nothing_runs_again(string said, params string[] arguments)
    {
        var result = await _cli.RunAsync(["runs", .. arguments]);
        Assert.Equal((64, ""), (result.ExitCode, result.Out));
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_is_asked_for_shown_and_sent_again()
    {
        await UploadAsync("kept/told", "return 1");
        var begun = await _cli.RunAsync("call", "kept/told", "--async", "--callback", "http://127.0.0.1:9/done?token=secret");
        Assert.Equal((0, ""), (begun.ExitCode, begun.Error));
        var id = begun.Out.Trim();
        await Eventually.HoldsAsync(
            async () => (await server.Client.KeptRuns.GetAsync(id)).Callback is { LastError: not null },
            TimeSpan.FromMinutes(1),
            () => "The callback was not tried.");
        var shown = (await _cli.RunAsync("runs", "show", id)).Out;
        Assert.Matches("callback +pending at http://127.0.0.1:9/done, sent once, .*loopback", shown); // no address of the public internet
        Assert.Contains(id, (await _cli.RunAsync("runs", "--callback", "pending,dead", "--path", "kept/told")).Out);
        Assert.DoesNotContain(id, (await _cli.RunAsync("runs", "--callback", "delivered", "--path", "kept/told")).Out);
        var again = await _cli.RunAsync("runs", "callback", id);
        Assert.Equal(0, again.ExitCode);
        await Eventually.HoldsAsync(
            async () => (await server.Client.KeptRuns.GetAsync(id)).Callback!.Attempts > 1,
            TimeSpan.FromMinutes(1),
            () => "The callback was not sent again.");
        Assert.Equal(65, (await _cli.RunAsync("call", "kept/told", "--async", "--callback", "https://example.com/")).ExitCode);
        Assert.Equal(64, (await _cli.RunAsync("call", "kept/told", "--callback", "http://127.0.0.1:9/done")).ExitCode);
    }

    [Fact]
    public async Task The_client_reads_all_that_a_record_says()
    {
        await UploadAsync("kept/client", "print('printed')\nreturn {'got': event}");
        var accepted = await server.Client.KeptRuns.BeginAsync("kept/client", new JsonObject { ["a"] = 1 }, priority: 2);
        Assert.Equal("queued", accepted.State);
        var run = await server.Client.KeptRuns.WaitAsync(accepted.Id);
        Assert.Equal(("ok", 200, 2, 1, "json"), (run.Reason, run.Status, run.Priority, run.Attempt, run.Type));
        Assert.Equal((1, 1), (
            run.Input!.Value.GetProperty("a").GetInt32(), run.Result!.Value.GetProperty("got").GetProperty("a").GetInt32()));
        Assert.Equal(new KeptLine("stdout", "printed"), Assert.Single(run.Log!));
        for (var more = 0; more < 2; more++)
        {
            await server.Client.KeptRuns.BeginAsync("kept/client");
        }

        var all = new List<string>();
        await foreach (var one in server.Client.KeptRuns.AllAsync(new KeptRunFilter { Path = "kept/client" }, page: 2))
        {
            all.Add(one.Id);
        }

        Assert.Equal((3, accepted.Id), (all.Count, all[^1]));
        var ended = await Assert.ThrowsAsync<FaasException>(() => server.Client.KeptRuns.CancelAsync(accepted.Id));
        Assert.Equal("conflict", ended.Reason);
    }

    [Fact]
    public async Task A_run_is_followed_while_it_prints_and_by_the_client_from_any_event_on()
    {
        await UploadAsync("kept/slow", "import time\nfor i in range(3):\n    print(i, flush=True)\n    time.sleep(0.2)\nreturn 'done'");
        var id = (await _cli.RunAsync("call", "kept/slow", "--async")).Out.Trim();
        var followed = await _cli.RunAsync("logs", "-f", id);
        Assert.Equal((0, "0\n1\n2\ndone\n"), (followed.ExitCode, followed.Out));
        Assert.Equal("2 done", await ReadAsync(2));
        Assert.Equal("", await ReadAsync(4));
        await UploadAsync("kept/failing", "print('before')\nraise ValueError('no')");
        followed = await _cli.RunAsync("logs", "-f", (await _cli.RunAsync("call", "kept/failing", "--async")).Out.Trim());
        Assert.Equal((1, "before\n"), (followed.ExitCode, followed.Out));
        Assert.Contains("ValueError: no", followed.Error);
        Assert.Equal(66, (await _cli.RunAsync("logs", "-f", "none~k0123456789abcdef")).ExitCode);

        async Task<string> ReadAsync(long after)
        {
            var told = new List<string>();
            await foreach (var happened in server.Client.KeptRuns.FollowAsync(id, after))
            {
                told.Add(happened is RunPrinted line ? line.Text : $"{((RunReturned)happened).Result.Data}");
            }

            return string.Join(' ', told);
        }
    }

    private async Task UploadAsync(string path, string code) =>
        await server.Client.Scripts.UploadAsync(new Upload(path, Languages.Python, code));
}
