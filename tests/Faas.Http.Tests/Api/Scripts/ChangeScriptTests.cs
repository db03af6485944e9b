using System.Net;
using Faas.Actors.Pool;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Scripts;

public sealed class ChangeScriptTestsOnTheEmbeddedStore(ScriptServerOnTheEmbeddedStore server)
    : ChangeScriptTests(server), IClassFixture<ScriptServerOnTheEmbeddedStore>;

public sealed class ChangeScriptTestsOnRedis(ScriptServerOnRedis server) : ChangeScriptTests(server), IClassFixture<ScriptServerOnRedis>;

/// <summary>Deleting scripts and versions, and disabling scripts, on a real store.</summary>
public abstract class ChangeScriptTests(ScriptServer server)
{
    private readonly string _path = $"t{Guid.NewGuid():N}/a";

    private string Url => $"/api/v1/scripts/{Uri.EscapeDataString(_path)}";

    [Fact]
    public async Task A_script_that_was_deleted_is_nowhere_and_its_numbers_are_not_given_again()
    {
        await server.UploadAsync(_path, "return 1");
        var last = await server.UploadAsync(_path, "return 2");
        await ListsAsync(true);

        using var narrowed = await server.SendAsync("DELETE", $"{Url}?version={last}"); // of one version, as its caller may believe
        Assert.Equal(
            "query: \"version\" is unknown. No query is allowed here.", await narrowed.ProblemAsync(400, "malformed"));
        using var deleted = await server.SendAsync("DELETE", Url);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        string[] gets = [Url, $"{Url}/versions"], runs = [$"/run/{_path}", $"/run/{_path}?version={last}"];
        foreach (var (method, url) in gets.Select(url => ("GET", url)).Concat(runs.Select(url => ("POST", url))).Append(("DELETE", Url)))
        {
            using var gone = await server.SendAsync(method, url, method == "POST" ? "{}" : null);
            Assert.Equal($"There is no script \"{_path}\".", await gone.ProblemAsync(404, "not_found"));
        }

        await ListsAsync(false);
        Assert.True(await server.UploadAsync(_path, "return 2") > last);
        await ListsAsync(true);
        Assert.Equal(1, (await server.GetAsync(Url)).GetProperty("versions").GetInt32());
    }

    [Fact]
    public async Task A_version_that_is_restored_is_the_latest_under_a_new_number()
    {
        var first = await server.UploadAsync(_path, "return 1");
        var second = await server.UploadAsync(_path, "return 2");

        using var restored = await server.SendAsync("POST", $"{Url}/versions/{first}/restore");
        using var again = await server.SendAsync("POST", $"{Url}/versions/{first}/restore");

        var number = (await ScriptServer.JsonAsync(restored)).GetProperty("version").GetInt64();
        Assert.True(number > second);
        Assert.Equal($"{number}", restored.Header("X-Script-Version"));
        Assert.Equal(
            $$"""{"path":"{{_path}}","language":"python","version":{{number}},"unchanged":true}""", await again.Content.ReadAsStringAsync());
        var (was, now) = (await server.GetAsync($"{Url}/versions/{first}"), await server.GetAsync($"{Url}/versions/latest"));
        Assert.Equal($"{was.GetProperty("hash")}", $"{now.GetProperty("hash")}");
        Assert.Equal(number, now.GetProperty("version").GetInt64());
        using var unknown = await server.SendAsync("POST", $"{Url}/versions/1/restore");
        await unknown.ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task A_version_that_was_deleted_does_not_run_and_the_latest_is_the_one_before()
    {
        var first = await server.UploadAsync(_path, "return 1");
        var second = await server.UploadAsync(_path, "return 2");

        using var deleted = await server.SendAsync("DELETE", $"{Url}/versions/{second}");
        using var gone = await server.SendAsync("POST", $"/run/{_path}?version={second}", "{}");
        using var latest = await server.SendAsync("POST", $"/run/{_path}", "{}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(
            $"There is no version {second} of the script \"{_path}\"; the newest is {first}.", await gone.ProblemAsync(404, "not_found"));
        Assert.Equal($"{first}", latest.Header("X-Script-Version"));
        using var only = await server.SendAsync("DELETE", $"{Url}/versions/{first}");
        Assert.Equal(
            $"The version {first} is the only one of the script \"{_path}\"; delete the script.", await only.ProblemAsync(409, "conflict"));
        using var named = await server.SendAsync("DELETE", $"{Url}/versions/latest");
        Assert.Equal("A version is deleted by its number, not by a name that may move.", await named.ProblemAsync(400, "malformed"));
    }

    [Fact]
    public async Task A_call_that_runs_when_its_script_is_deleted_finishes()
    {
        await server.UploadAsync(_path, "return 1");
        var end = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Pool.Answer = message => message is SubmitRun { Run: { Mode: Actors.Runs.RunMode.Execute } run } && run.Queue == _path
            ? end.Task
            : FaasUnderTest.AnswerOfPool(message);
        var running = server.SendAsync("POST", $"/run/{_path}", "{}");
        SubmitRun submitted;
        do
        {
            submitted = await server.Pool.Next<SubmitRun>();
        }
        while (submitted.Run is not { Mode: Actors.Runs.RunMode.Execute } run || run.Queue != _path);

        using var deleted = await server.SendAsync("DELETE", Url);
        using var late = await server.SendAsync("POST", $"/run/{_path}", "{}");
        end.SetResult(new Actors.Runs.Reply.RunEnded(submitted.Run.RunId, FaasUnderTest.FortyTwo));
        using var finished = await running;

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, late.StatusCode));
        Assert.Equal("""{"data":42,"type":"number"}""", await finished.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_disabled_script_does_not_run_and_can_be_read_and_uploaded()
    {
        await server.UploadAsync(_path, "return 1");
        using var disabled = await server.SendAsync("PATCH", Url, """{"enabled": false}""");
        Assert.False((await ScriptServer.JsonAsync(disabled)).GetProperty("enabled").GetBoolean());

        using var run = await server.SendAsync("POST", $"/run/{_path}", "{}");
        Assert.Equal($"The script \"{_path}\" is disabled.", await run.ProblemAsync(409, "disabled"));
        var version = await server.UploadAsync(_path, "return 2");
        Assert.Equal(version, (await server.GetAsync(Url)).GetProperty("latest").GetProperty("version").GetInt64());
        Assert.False((await server.GetAsync(Url)).GetProperty("enabled").GetBoolean());

        using var enabled = await server.SendAsync("PATCH", Url, """{"enabled": true}""");
        using var again = await server.SendAsync("POST", $"/run/{_path}", "{}");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (enabled.StatusCode, again.StatusCode));
    }

    [Theory]
    [InlineData("", "The body is empty; it must be a JSON object.")]
    [InlineData("[]", "The body must be a JSON object, not an array.")]
    [InlineData("{", "The body is not valid JSON at line 1, byte 2.")]
    [InlineData("""{"enabled": 1}""", "\"enabled\" must be true or false, not a number.")]
    [InlineData("""{"enabled": null}""", "\"enabled\" must be true or false, not null.")]
    [InlineData("""{"enabeld": true}""", "body: \"enabeld\" is unknown; did you mean \"enabled\"?")]
    [InlineData("{}", "The body must have \"enabled\" or \"keep\".")]
    [InlineData("""{"keep": 5}""", "\"keep\" must be an object, not a number.")]
    [InlineData("""{"keep": {"newest": 0}}""", "\"keep.newest\" is 0; allowed are whole numbers from 1 to 1000000.")]
    [InlineData("""{"keep": {"days": 36501}}""", "\"keep.days\" is 36501; allowed are whole numbers from 1 to 36500.")]
    [InlineData("""{"keep": {"weeks": 1}}""", "body: \"keep.weeks\" is unknown.")]
    public async Task A_wrong_change_is_refused_with_what_is_allowed(string body, string detail)
    {
        await server.UploadAsync(_path, "return 1");
        using var response = await server.SendAsync("PATCH", Url, body);
        Assert.Equal(detail, await response.ProblemAsync(400, "malformed"));
    }

    [Fact]
    public async Task Versions_that_are_no_longer_kept_go_at_once_and_with_each_upload()
    {
        for (var i = 0; i < 4; i++)
        {
            await server.UploadAsync(_path, $"return {i}");
        }

        using var kept = await server.SendAsync("PATCH", Url, """{"keep": {"newest": 2}}""");
        var script = await ScriptServer.JsonAsync(kept);
        Assert.Equal((2, """{"newest":2}"""), (script.GetProperty("versions").GetInt32(), script.GetProperty("keep").GetRawText()));
        await server.UploadAsync(_path, "return 4");
        Assert.Equal(2, (await server.GetAsync(Url)).GetProperty("versions").GetInt32());

        using var both = await server.SendAsync("PATCH", Url, """{"keep": {"newest": 1, "days": 1}}""");
        await server.UploadAsync(_path, "return 5");
        Assert.Equal(3, (await server.GetAsync(Url)).GetProperty("versions").GetInt32()); // all of this day
        using var none = await server.SendAsync("PATCH", Url, """{"keep": null}""");
        Assert.False((await ScriptServer.JsonAsync(none)).TryGetProperty("keep", out _));
    }

    [Fact]
    public async Task Code_that_was_deleted_can_be_uploaded_again_at_once_and_runs()
    {
        var code = $"return '{_path}'";
        await server.UploadAsync($"{_path}/other", "return 1");
        for (var i = 0; i < 20; i++)
        {
            await server.UploadAsync(_path, code);
            using var deleted = await server.SendAsync("DELETE", Url);
            var again = server.UploadAsync(i % 2 == 0 ? _path : $"{_path}/other", code);
            var version = await again;
            using var read = await server.SendAsync(
                "GET", $"/api/v1/scripts/{Uri.EscapeDataString(i % 2 == 0 ? _path : $"{_path}/other")}/versions/{version}/code");
            Assert.Equal(code, await read.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task What_does_not_exist_cannot_be_changed()
    {
        foreach (var (method, url, body) in new[]
            { ("DELETE", Url, null), ("DELETE", $"{Url}/versions/7", null), ("PATCH", Url, """{"enabled": true}""") })
        {
            using var response = await server.SendAsync(method, url, body);
            Assert.Equal($"There is no script \"{_path}\".", await response.ProblemAsync(404, "not_found"));
        }
    }

    private Task ListsAsync(bool isListed) => Eventually.HoldsAsync(
        async () => (await server.GetAsync($"/api/v1/scripts?prefix={_path}")).GetProperty("scripts").GetArrayLength() == (isListed ? 1 : 0),
        TimeSpan.FromSeconds(10),
        () => "the list stays behind");
}
