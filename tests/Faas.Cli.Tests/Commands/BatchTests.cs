using System.Text.Json;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary><c>faas batch</c> and <c>faas batches</c>; and the client's part of it.</summary>
[Collection(nameof(CliServer))]
public sealed class BatchTests(CliServer server) : IDisposable
{
    private const string Script = "batch/square";
    private readonly CliProcess _cli = new(server.Address);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Each_line_is_an_input_and_the_results_come_in_the_order_of_the_lines()
    {
        await UploadAsync();
        _cli.Write("inputs.ndjson", "3\n\n{\"a\": \"größer\"}\r\n5");
        var waited = await _cli.RunAsync("batch", Script, "inputs.ndjson", "--wait", "--priority", "9");
        Assert.Equal(1, waited.ExitCode);
        Assert.Equal("faas: 1 of 3 runs have not ended well.\n", waited.Error);
        var lines = waited.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([0, 1, 2], lines.Select(line => line.GetProperty("index").GetInt32()));
        Assert.Equal(["9", "25"], new[] { lines[0], lines[2] }.Select(line => line.GetProperty("result").GetRawText()));
        Assert.Equal(("error", "größer"), (
            lines[1].GetProperty("reason").GetString(), lines[1].GetProperty("error").GetProperty("message").GetString()));
        _cli.Write("good.ndjson", "3\n");
        Assert.Equal(0, (await _cli.RunAsync("batch", Script, "good.ndjson", "--wait")).ExitCode);
    }

    [Fact]
    public async Task A_batch_is_begun_shown_listed_and_cancelled()
    {
        await UploadAsync();
        _cli.Write("inputs.ndjson", "1\n2\n");
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ");
        var begun = await _cli.RunAsync("batch", Script, "inputs.ndjson", "--not-before", tomorrow);
        Assert.Equal((0, ""), (begun.ExitCode, begun.Error));
        var id = begun.Out.Trim();
        var shown = (await _cli.RunAsync("batches", "show", id)).Out;
        Assert.Matches(@"state +queued\n", shown);
        Assert.Matches(@"ended +0 of 2\n", shown);
        Assert.Contains(id, (await _cli.RunAsync("batches", "--path", "batch", "--state", "queued")).Out);
        Assert.DoesNotContain(id, (await _cli.RunAsync("batches", "--state", "running")).Out);
        Assert.Matches(@"reasons +2 cancelled\n", (await _cli.RunAsync("batches", "cancel", id)).Out);
        Assert.Equal(65, (await _cli.RunAsync("batches", "cancel", id)).ExitCode);
        Assert.Equal(66, (await _cli.RunAsync("batches", "show", "none~b0123456789abcdef")).ExitCode);
    }

    [Fact]
    public async Task What_is_no_batch_is_refused()
    {
        _cli.Write("broken.ndjson", "1\n{\"a\":\n");
        var broken = await _cli.RunAsync("batch", Script, "broken.ndjson");
        Assert.Equal(64, broken.ExitCode);
        Assert.Contains("Line 2 of broken.ndjson is no JSON", broken.Error);
        _cli.Write("empty.ndjson", "\n");
        Assert.Contains("has no input", (await _cli.RunAsync("batch", Script, "empty.ndjson")).Error);
        Assert.Equal(66, (await _cli.RunAsync("batch", Script, "none.ndjson")).ExitCode);
        _cli.Write("inputs.ndjson", "1\n");
        Assert.Equal(66, (await _cli.RunAsync("batch", "batch/none", "inputs.ndjson")).ExitCode);
        Assert.Equal(64, (await _cli.RunAsync("batch", Script, "inputs.ndjson", "--not-before", "soon")).ExitCode);
    }

    [Fact]
    public async Task The_client_follows_a_batch_and_reads_all_that_its_record_says()
    {
        await UploadAsync();
        using var inputs = JsonDocument.Parse("""[2, {"a": "no"}, 4]""");
        var batches = server.Client.Batches;
        var accepted = await batches.BeginAsync(Script, inputs.RootElement.EnumerateArray(), priority: 3, idempotencyKey: "of-client");
        Assert.Equal(accepted.Id, (await batches.BeginAsync(
            Script, inputs.RootElement.EnumerateArray(), priority: 3, idempotencyKey: "of-client")).Id);
        var events = await batches.FollowAsync(accepted.Id).ToListAsync();
        Assert.Equal([1, 2, 3, 3], events.Select(one => one.Progress.Ended));
        Assert.Equal("end", events[^1].Event);
        Assert.Equal(("error", "no"), (events.Single(one => one.Index == 1).Reason, events.Single(one => one.Index == 1).Message));
        var record = await batches.WaitAsync(accepted.Id);
        Assert.Equal((3, 3, 1, 2), (record.Count, record.Priority, record.Reasons["error"], record.Reasons["ok"]));
        var results = await batches.ResultsAsync(accepted.Id, page: 2).ToListAsync();
        Assert.Equal([4, null, 16], results.Select(one => one.Result?.GetInt32()));
        Assert.Equal("ValueError", results[1].Error?.Name);
        var run = await server.Client.KeptRuns.GetAsync(results[1].Run);
        Assert.Equal((accepted.Id, 1), (run.Batch, run.Index));
        Assert.Contains(accepted.Id, await batches.AllAsync(path: "batch", page: 1).Select(one => one.Id).ToListAsync());
    }

    private Task<Uploaded> UploadAsync() => server.Client.Scripts.UploadAsync(new Upload(
        Script, Languages.Python, "if not isinstance(event, int): raise ValueError(event['a'])\nreturn event * event"));
}
