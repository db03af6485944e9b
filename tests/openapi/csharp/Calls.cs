// Calls every operation of a running server by the client that NSwag has made of the server's document.
// Usage: GeneratedClient URL KEY. It fails when an answer is not what it should be, or when a method was not called.
using System.Text;
using Faas.GeneratedClient;
using Newtonsoft.Json.Linq;

const string path = "clients/sub", waiting = "csharp-waits";
using var http = ClientOf(args[0], args[1]);
var (api, recorder) = Recorder.Of(new FaasClient(http));

await LookAsync();
await ManageAsync();
await RunAsync();
await FunctionsAsync();
await RecentAsync();
await KeysAsync();
await SecretsAsync();
await BatchesAsync();
await SchedulesAsync();
await ArchivesAsync();
await PoolAsync();
Is("", string.Join(", ", recorder.Missing), "methods that were not called");
Console.WriteLine($"{Recorder.Count} operations");

async Task LookAsync()
{
    Is("alive", (await api.GetHealthAsync()).Status);
    Is("ready", (await api.GetReadinessAsync()).Status);
    Is(true, (await api.GetMetricsAsync()).StartsWith("# ", StringComparison.Ordinal));
    Is(true, (await api.GetIndexAsync()).StartsWith("Faas ", StringComparison.Ordinal));
    Is(true, (await api.GetSettingsAsync()).Settings1.Any(setting => setting.Key == "faas.pool.running"));
    Is(0, (await api.ReloadSettingsAsync()).Changed.Count);
    Is(false, (await api.GetClusterAsync()).Enabled);
}

async Task ManageAsync()
{
    var first = await UploadAsync(path, "return event.a - event.b");
    var second = await UploadAsync(path, "return event.b - event.a");
    var scripts = await api.ListScriptsAsync(prefix: "clients/sub", limit: 10, sort: Sort.Time);
    Is((path, second), (scripts.Scripts.Single().Path, scripts.Scripts.Single().Version));
    var script = await api.GetScriptAsync(path);
    Is((2, 5.0), (script.Versions, script.Latest.Settings.Timeout));
    var page = await api.ListVersionsAsync(path, limit: 1);
    Is(first, (await api.ListVersionsAsync(path, after: page.Next)).Versions.Single().Version1);
    Is(Language.Javascript, (await api.GetVersionAsync(path, $"{first}")).Language);
    Is("return event.a - event.b", await api.GetCodeAsync(path, $"{first}"));
    Is(first, (await api.GetSourcesAsync(path, $"{first}")).Version);
    Is(true, (await api.CompareVersionsAsync(path, $"{first}", "latest")).Contains("\n+return event.b - event.a", StringComparison.Ordinal));
    var restored = await api.RestoreVersionAsync(path, $"{second}");
    Is((second, true), (restored.Version, restored.Unchanged == true));
    Is(3, (await api.ChangeScriptAsync(path, new ScriptChange { Enabled = true, Keep = new Retention { Newest = 3 } })).Keep?.Newest);

    Is(first, (await api.MoveAliasAsync(path, "stable", new Target { Version = first }, if_None_Match: "*")).Version);
    var split = new Target { Split = [new Share { Version = first, Weight = 1 }, new Share { Version = second, Weight = 99 }] };
    Is(99, (await api.MoveAliasAsync(path, "stable", split, if_Match: "*")).Split?.Last().Weight);
    await FailsAsync(412, "stale", () => api.MoveAliasAsync(path, "stable", new Target { Version = first }, if_Match: "\"1\""));
    Is(first, (await api.RollBackAliasAsync(path, "stable")).Version);
    Is(first, (await api.GetAliasAsync(path, "stable")).Version);
    Is("stable", (await api.ListAliasesAsync(path)).Aliases.Single().Name);
    await api.DeleteAliasAsync(path, "stable");

    await api.DeleteVersionAsync(path, $"{first}");
    await FailsAsync(404, "not_found", () => api.GetVersionAsync(path, $"{first}"));
    var run = await api.RunScriptAsync(path, body: new RunRequest { Input = new { a = 1, b = 3 }, Stats = true });
    Is(("2", DataType.Number, true), ($"{run.Data}", run.Type, run.Stats?.WallSeconds > 0));
    await api.DeleteScriptAsync(path);
    await FailsAsync(404, "not_found", () => api.RunScriptAsync(path, body: new RunRequest()));
}

async Task RunAsync()
{
    var run = await api.RunCodeAsync(new RunNowRequest { Language = Language.Python, Code = "print('x')\nreturn [1]", Logs = true });
    Is((1, DataType.Json, "x\n"), ((run.Data as JArray)?.Single().Value<int>(), run.Type, run.Logs));
    var filed = await api.RunCodeAsync(new RunNowRequest
    {
        Language = Language.Python, Code = "import shutil\nshutil.copy('/tmp/in/a.csv', '/tmp/out/b.csv')\nreturn 1", Files = [new() { Name = "a.csv", Text = "1,2" }],
    });
    Is(("b.csv", "text/csv", "MSwy"), filed.Files?.Single() is { } file ? (file.Name, file.MediaType, file.Base64) : default);
    var wrong = await FailsAsync(422, "syntax", () => api.RunCodeAsync(new RunNowRequest { Language = Language.Python, Code = "return (" }));
    Is(1, wrong.Line);
}

async Task FunctionsAsync()
{
    await UploadAsync("clients/echo", "return {status: 200, body: event.http.method + ' ' + (event.http.body ?? '')}");
    Is("GET ", await TextAsync(await api.CallFunctionByGetAsync("clients/echo")));
    Is("POST some", await TextAsync(await api.CallFunctionByPostAsync("clients/echo", Some())));
    Is("PUT some", await TextAsync(await api.CallFunctionByPutAsync("clients/echo", Some())));
    Is("PATCH some", await TextAsync(await api.CallFunctionByPatchAsync("clients/echo", Some())));
    Is("DELETE ", await TextAsync(await api.CallFunctionByDeleteAsync("clients/echo")));
}

async Task RecentAsync()
{
    using var named = ClientOf(args[0], args[1]);
    named.DefaultRequestHeaders.Add("X-Call-Id", "csharp-recent");
    await new FaasClient(named).RunCodeAsync(new RunNowRequest { Language = Language.Python, Code = "print('seen')\nreturn 1" });
    var list = await api.ListRunsAsync(call: "csharp-recent", limit: 10);
    Is(("/run-now", 1000), (list.Runs.Single().Path, list.Kept.Runs));
    Is("seen", (await api.GetRunAsync(list.Runs.Single().Id)).Log.Single().Text);
    await KeptAsync();
    Is(5, (await api.GetActivityAsync("/run-now", 5)).Scripts.Single().Series.Runs.Count);
    using var events = await api.WatchRunsAsync(limit: 5);
    using var reader = new StreamReader(events.Stream);
    Is(true, (await reader.ReadLineAsync())?.StartsWith("id: ", StringComparison.Ordinal));
}

async Task KeptAsync()
{
    await UploadAsync("clients/kept", "return 1");
    var later = new RunRequest { Input = new { a = 1 }, NotBefore = DateTimeOffset.UtcNow.AddHours(1) };
    string id;
    try
    {
        await api.RunScriptAsync("clients/kept", prefer: "respond-async", body: later);
        throw new InvalidOperationException("202 is no value.");
    }
    catch (ApiException<Accepted> accepted) when (accepted.StatusCode == 202)
    {
        id = accepted.Result.Id;
    }

    Is((RunStage.Queued, "clients/kept"), ((await api.GetRunAsync(id)).State, (await api.ListRunsAsync(kept: Kept2.True)).Runs.First().Path));
    Is("cancelled", (await api.CancelKeptRunAsync(id)).Reason);
    using var events = await api.FollowKeptRunAsync(id);
    using var reader = new StreamReader(events.Stream);
    Is("id: 1", await reader.ReadLineAsync());
    Is(RunStage.Queued, (await api.RedriveRunAsync(id)).State);
    Is(0, (await api.RedriveRunsAsync(path: "clients/none")).Redriven.Count);
    Is(0, (await api.ListRunsAsync(kept: Kept2.True, callback: "dead")).Runs.Count);
    try
    {
        await api.SendCallbackAgainAsync(id);
        throw new InvalidOperationException("The run has no callback.");
    }
    catch (ApiException refused) when (refused.StatusCode == 409)
    {
        // as it should be
    }

    await api.DeleteScriptAsync("clients/kept");
}

async Task BatchesAsync()
{
    await UploadAsync("clients/batch", "return event");
    var content = new BatchContent { Inputs = [1, new { a = 1 }], NotBefore = DateTimeOffset.UtcNow.AddHours(1) };
    string id;
    try
    {
        await api.RunBatchAsync("clients/batch", content);
        throw new InvalidOperationException("202 is no stream.");
    }
    catch (ApiException<AcceptedBatch> accepted) when (accepted.StatusCode == 202)
    {
        id = accepted.Result.Id;
    }

    Is(id, (await api.ListBatchesAsync(path: "clients/batch")).Batches.Single().Id);
    Is((RunStage.Queued, 2), ((await api.GetBatchAsync(id)).State, (await api.GetBatchAsync(id)).Queued));
    Is(2, (await api.CancelBatchAsync(id)).Reasons["cancelled"]);
    Is("cancelled", (await api.ListBatchResultsAsync(id, limit: 1)).Results.Single().Reason);
    using var events = await api.FollowBatchAsync(id);
    using var reader = new StreamReader(events.Stream);
    Is("id: 1", await reader.ReadLineAsync());
    await api.DeleteScriptAsync("clients/batch");
}

async Task KeysAsync()
{
    var made = await api.CreateKeyAsync(new KeyRequest { Name = "csharp", Scopes = ["invoke"], Paths = ["clients"] });
    Is(true, made.Secret?.StartsWith("faas_", StringComparison.Ordinal));
    Is("clients", (await api.ListKeysAsync()).Keys.Single(key => key.Name == "csharp").Paths.Single());
    using var limited = ClientOf(args[0], made.Secret!);
    Is("csharp", (await new FaasClient(limited).GetOwnKeyAsync()).Name);
    Is(true, (await api.GetOwnKeyAsync()).Scopes.Count > 0);
    await FailsAsync(403, "forbidden", () => new FaasClient(limited).ListKeysAsync());
    await api.DeleteKeyAsync("csharp");
}

async Task SecretsAsync()
{
    var made = await api.WriteSecretAsync("CSHARP_KEY", new SecretContent { Value = "sk-0123456789", Paths = ["clients"] });
    Is(("CSHARP_KEY", "clients"), (made.Name, made.Paths.Single()));
    Is(true, (await api.ListSecretsAsync()).Secrets.Any(secret => secret.Name == "CSHARP_KEY"));
    Is(0, (await api.RotateSecretsAsync(new RotateRequest { NewKey = true })).Lost.Count);
    await api.DeleteSecretAsync("CSHARP_KEY");
    await FailsAsync(404, "not_found", () => api.DeleteSecretAsync("CSHARP_KEY"));
}

async Task SchedulesAsync()
{
    await UploadAsync("clients/scheduled", "return event");
    var content = new ScheduleContent { Path = "clients/scheduled", Cron = "0 0 1 1 *", Missed = MissedRule.Once };
    Is(MissedRule.Once, (await api.WriteScheduleAsync("csharp", content, if_None_Match: "*")).Missed);
    Is(true, (await api.ListSchedulesAsync()).Schedules.Any(schedule => schedule.Name == "csharp"));
    Is("clients/scheduled", (await api.GetScheduleAsync("csharp")).Path);
    Is(RunStage.Queued, (await api.RunScheduleAsync("csharp")).State);
    await api.DeleteScheduleAsync("csharp");
    await FailsAsync(404, "not_found", () => api.GetScheduleAsync("csharp"));
    await api.DeleteScriptAsync("clients/scheduled");
}

async Task ArchivesAsync()
{
    using var archive = await api.ExportScriptsAsync("clients/echo");
    using var copy = new MemoryStream();
    await archive.Stream.CopyToAsync(copy);
    copy.Position = 0;
    var report = await api.ImportScriptsAsync(onto: "copies", body: copy);
    Is("copies/clients/echo", report.Taken.Single().Path);
}

async Task PoolAsync()
{
    using var named = ClientOf(args[0], args[1]);
    named.DefaultRequestHeaders.Add("X-Call-Id", waiting);
    const string code = "import time\ntime.sleep(25)";
    var waits = new FaasClient(named).RunCodeAsync(new RunNowRequest { Language = Language.Python, Code = code });
    Run? run;
    while ((run = (await api.GetPoolAsync()).Runs.FirstOrDefault(one => one.Id.StartsWith($"{waiting}~", StringComparison.Ordinal))) is null)
    {
        await Task.Delay(20);
    }

    using (var events = await api.WatchPoolAsync())
    using (var reader = new StreamReader(events.Stream))
    {
        Is(true, (await reader.ReadLineAsync())?.StartsWith("data: {\"event\":\"pool\"", StringComparison.Ordinal));
    }

    await api.CancelRunAsync(run.Id);
    await FailsAsync(503, "cancelled", () => waits);
    await api.DrainPoolAsync("10s");
    await api.ResumePoolAsync();
}

async Task<long> UploadAsync(string script, string code) => (await api.UploadScriptAsync(
    new UploadRequest { Path = script, Language = Language.Javascript, Code = code, Timeout = 5 })).Version;

static FileParameter Some() => new(new MemoryStream("some"u8.ToArray()), "some", "text/plain");

static async Task<string> TextAsync(FileResponse response)
{
    using (response)
    using (var reader = new StreamReader(response.Stream, Encoding.UTF8))
    {
        return await reader.ReadToEndAsync();
    }
}

static async Task<Problem> FailsAsync(int status, string reason, Func<Task> call)
{
    try
    {
        await call();
    }
    catch (ApiException<Problem> failed)
    {
        Is((status, reason), (failed.StatusCode, failed.Result.Reason));
        return failed.Result;
    }

    throw new InvalidOperationException($"{status} {reason} was expected.");
}

static HttpClient ClientOf(string address, string key) =>
    new() { BaseAddress = new Uri($"{address}/"), DefaultRequestHeaders = { { "X-Api-Key", key } } };

static void Is<T>(T expected, T actual, string what = "")
{
    if (!Equals(expected, actual))
    {
        throw new InvalidOperationException($"{what} {expected} was expected, not {actual}.");
    }
}
