using System.Text.Json;
using Faas.Client;

namespace Faas.Cli.Tests.Commands;

/// <summary>What holds for every command: with <c>--output json</c> a program can read what was done, and what was wrong.</summary>
[Collection(nameof(CliServer))]
public sealed class EveryCommandTests(CliServer server) : IDisposable
{
    private const string Script = "every/one";
    private readonly CliProcess _cli = new(server.Address);

    /// <summary>All commands, by their names.</summary>
    public static TheoryData<string> Names => [.. CommandTree.All.Where(command => command.Action is not null).Select(CommandTree.NameOf)];

    public void Dispose() => _cli.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_says_in_one_JSON_document_what_it_did(string name)
    {
        await using var run = server.Client.Runs.StreamCodeAsync(Languages.Python, "import time\ntime.sleep(25)").GetAsyncEnumerator();
        await PrepareAsync(name);
        var id = name == "pool cancel" && await run.MoveNextAsync() ? (await server.Client.Pool.GetAsync()).Runs[0].Id
            : name is "batches show" or "batches cancel" ? await BatchAsync()
            : name is "wait" or "logs" or "runs show" or "runs cancel" ? await KeptAsync(isLate: name != "wait")
            : name == "runs callback" ? await EndedWithCallbackAsync()
            : "";

        var result = await _cli.RunAsync([.. Arguments(name, id), "-o", "json"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var document = JsonDocument.Parse(result.Out);
        Assert.Contains(document.RootElement.ValueKind, (JsonValueKind[])[JsonValueKind.Object, JsonValueKind.Array]);
        await TidyAsync(name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_says_in_one_JSON_object_what_is_wrong_with_its_arguments(string name)
    {
        var result = await _cli.RunAsync([.. name.Split(' '), "--no-such-option", "-o", "json"]);
        Assert.Equal((64, "", "usage"), (result.ExitCode, result.Out, ReasonOf(result)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_says_in_one_JSON_object_that_the_server_is_not_there(string name)
    {
        const string nowhere = "http://127.0.0.1:1";
        if (name is "logout" or "completion" or "doctor")
        {
            return; // they need none
        }

        string[] arguments = name == "login" ? ["login", nowhere] : Arguments(name, "none~1");
        var result = await _cli.RunAsync([.. arguments, "-o", "json", "--server", nowhere]);
        Assert.Equal((69, "", "unreachable"), (result.ExitCode, result.Out, ReasonOf(result)));
    }

    private static string? ReasonOf(CliResult result)
    {
        using var said = JsonDocument.Parse(result.Error);
        Assert.DoesNotMatch(@"System\.|Exception|Nullable|\.NET|^$", said.RootElement.GetProperty("detail").GetString());
        return said.RootElement.GetProperty("reason").GetString();
    }

    // With these a command does something.
    private string[] Arguments(string name, string run)
    {
        _cli.Write("one.py", "return 1");
        _cli.Write("value", "0123456789");
        _cli.Write("inputs.ndjson", "1\n2\n");
        File.AppendAllText(Path.Combine(_cli.Folder, "all.ndjson"), "");
        return name switch
        {
            "run" => ["run", "one.py"],
            "push" => ["push", "one.py", "--path", Script],
            "call" or "show" or "versions" or "diff" => [name, Script],
            "alias" => ["alias", Script, "current", "latest"],
            "rollback" => ["rollback", Script, "stable"],
            "rm" => ["rm", Script, "--yes"],
            "secret set" => ["secret", "set", "EVERY", "--file", "value"],
            "secret rm" => ["secret", "rm", "EVERY"],
            "schedule set" => ["schedule", "set", "every", Script, "--cron", "@yearly"],
            "schedule show" or "schedule rm" or "schedule run" or "schedule enable" or "schedule disable" => [.. name.Split(' '), "every"],
            "key create" => ["key", "create", "every", "--scope", "read"],
            "key rm" => ["key", "rm", "every"],
            "pool cancel" => ["pool", "cancel", run],
            "wait" or "logs" or "runs show" or "runs cancel" or "runs callback" => [.. name.Split(' '), run],
            "batch" => ["batch", Script, "inputs.ndjson"],
            "batches show" or "batches cancel" => [.. name.Split(' '), run],
            "top" => ["top", "--once"],
            "export" => ["export", "all.ndjson"],
            "import" => ["import", "all.ndjson"],
            "login" or "logout" => [name, $"{server.Address}"],
            "completion" => ["completion", "bash"],
            _ => name.Split(' '),
        };
    }

    private async Task<string> KeptAsync(bool isLate)
    {
        await server.Client.Scripts.UploadAsync(new Upload(Script, Languages.Python, "return 1"));
        var notBefore = isLate ? DateTimeOffset.UtcNow.AddHours(1) : (DateTimeOffset?)null;
        return (await server.Client.KeptRuns.BeginAsync(Script, notBefore: notBefore)).Id;
    }

    private async Task<string> EndedWithCallbackAsync()
    {
        await server.Client.Scripts.UploadAsync(new Upload(Script, Languages.Python, "return 1"));
        var options = new RunOptions { Callback = new RunCallback("http://127.0.0.1:9/done") };
        var run = await server.Client.KeptRuns.BeginAsync(Script, options: options);
        return (await server.Client.KeptRuns.WaitAsync(run.Id)).Id;
    }

    private async Task<string> BatchAsync()
    {
        await server.Client.Scripts.UploadAsync(new Upload(Script, Languages.Python, "return 1"));
        using var input = JsonDocument.Parse("1");
        return (await server.Client.Batches.BeginAsync(Script, [input.RootElement], notBefore: DateTimeOffset.UtcNow.AddHours(1))).Id;
    }

    private async Task PrepareAsync(string name)
    {
        var (scripts, aliases) = (server.Client.Scripts, server.Client.Aliases);
        switch (name)
        {
            case "call" or "batch" or "show" or "versions" or "alias" or "diff" or "rollback" or "rm":
                foreach (var code in (string[])["return 1", "return 2"])
                {
                    var stored = await scripts.UploadAsync(new Upload(Script, Languages.Python, code) { Force = true });
                    await aliases.MoveAsync(Script, "stable", new AliasTarget(stored.Version));
                }

                break;
            case "import":
                await using (var archive = File.Create(Path.Combine(_cli.Folder, "all.ndjson")))
                {
                    await server.Client.Archives.ExportAsync(archive, Script);
                }

                break;
            case "secret rm":
                await server.Client.Secrets.WriteAsync("EVERY", "0123456789");
                break;
            case "schedule show" or "schedule rm" or "schedule run" or "schedule enable" or "schedule disable":
                await scripts.UploadAsync(new Upload(Script, Languages.Python, "return 1"));
                await server.Client.Schedules.WriteAsync("every", new NewSchedule(Script, "@yearly"));
                break;
            case "key rm":
                await server.Client.Keys.CreateAsync(new NewKey("every", ["read"]));
                break;
        }
    }

    private async Task TidyAsync(string name)
    {
        switch (name)
        {
            case "pool drain":
                await server.Client.Pool.ResumeAsync();
                break;
            case "key create":
                await server.Client.Keys.DeleteAsync("every");
                break;
            case "secret set":
                await server.Client.Secrets.DeleteAsync("EVERY");
                break;
            case "schedule set" or "schedule show" or "schedule run" or "schedule enable" or "schedule disable":
                await server.Client.Schedules.DeleteAsync("every");
                break;
        }
    }
}
