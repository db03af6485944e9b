using System.Net;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Scripts;

public sealed class AliasApiTestsOnTheEmbeddedStore(ScriptServerOnTheEmbeddedStore server)
    : AliasApiTests(server), IClassFixture<ScriptServerOnTheEmbeddedStore>;

public sealed class AliasApiTestsOnRedis(ScriptServerOnRedis server) : AliasApiTests(server), IClassFixture<ScriptServerOnRedis>;

/// <summary>Aliases as a client moves them and runs by them, on a real store.</summary>
public abstract class AliasApiTests(ScriptServer server)
{
    private readonly string _path = $"t{Guid.NewGuid():N}/a";

    private string Script => $"/api/v1/scripts/{Uri.EscapeDataString(_path)}";

    private string Stable => $"{Script}/aliases/stable";

    [Fact]
    public async Task An_alias_is_made_runs_moves_and_rolls_back()
    {
        var (first, second) = await TwoVersionsAsync();
        using var made = await MoveAsync($$"""{"version": {{first}}}""");
        Assert.Equal((HttpStatusCode.Created, "\"1\""), (made.StatusCode, made.Headers.ETag?.Tag));
        Assert.Equal($$"""{"name":"stable","version":{{first}}}""", await made.Content.ReadAsStringAsync());
        Assert.Equal(first, await RunAsync("stable"));

        using var moved = await MoveAsync($$"""{"version": {{second}}}""");
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (moved.StatusCode, moved.Headers.ETag?.Tag));
        Assert.Equal(second, await RunAsync("stable"));

        using var back = await server.SendAsync("POST", $"{Stable}/rollback");
        Assert.Equal(
            $$$"""{"name":"stable","version":{{{first}}},"previous":{"version":{{{second}}}}}""", await back.Content.ReadAsStringAsync());
        Assert.Equal(first, await RunAsync("stable"));
        Assert.Equal(second, await RunAsync("latest"));
        var version = await server.GetAsync($"{Script}/versions/stable");
        Assert.Equal(first, version.GetProperty("version").GetInt64());
        using var code = await server.SendAsync("GET", $"{Script}/versions/stable/code");
        Assert.Equal("return 1", await code.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_split_runs_both_and_a_header_keeps_a_user_with_one()
    {
        var (first, second) = await TwoVersionsAsync();
        using var made = await MoveAsync(
            $$"""{"split": [{"version": {{first}}, "weight": 50}, {"version": {{second}}, "weight": 50}], "sticky": "X-User"}""");
        Assert.Equal(
            $$"""{"name":"stable","split":[{"version":{{first}},"weight":50},{"version":{{second}},"weight":50}],"sticky":"X-User"}""",
            await made.Content.ReadAsStringAsync());

        var drawn = new HashSet<long>();
        for (var i = 0; i < 64; i++)
        {
            drawn.Add(await RunAsync("stable"));
        }

        var users = new Dictionary<string, long>();
        for (var i = 0; i < 64; i++)
        {
            users[$"user-{i}"] = await RunAsync("stable", ("X-User", $"user-{i}"));
        }

        Assert.Equal([first, second], drawn.Order());
        Assert.Equal([first, second], users.Values.Distinct().Order());
        foreach (var (user, version) in users)
        {
            Assert.Equal(version, await RunAsync("stable", ("X-User", user)));
        }

        using var ambiguous = await server.SendAsync("GET", $"{Script}/versions/stable");
        Assert.Equal(
            $"The alias \"stable\" of the script \"{_path}\" names two versions, {first} and {second}; name one of them.",
            await ambiguous.ProblemAsync(409, "conflict"));
    }

    [Fact]
    public async Task Of_many_moves_at_once_from_one_state_one_wins()
    {
        var (first, second) = await TwoVersionsAsync();
        using var made = await MoveAsync($$"""{"version": {{first}}}""");

        var moves = await Task.WhenAll(Enumerable.Range(1, 20).Select(weight => MoveAsync(
            $$"""{"split": [{"version": {{first}}, "weight": {{weight}}}, {"version": {{second}}, "weight": {{100 - weight}}}]}""",
            ("If-Match", "\"1\""))));

        Assert.Single(moves, move => move.StatusCode == HttpStatusCode.OK);
        var lost = moves.First(move => move.StatusCode != HttpStatusCode.OK);
        Assert.Equal(19, moves.Count(move => move.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(
            $"The alias \"stable\" of the script \"{_path}\" has the entity tag \"2\", which is not what the request's condition allows.",
            await lost.ProblemAsync(412, "stale"));
        Array.ForEach(moves, move => move.Dispose());
    }

    [Fact]
    public async Task Conditions_decide_whether_an_alias_is_made_moved_or_deleted()
    {
        var (first, second) = await TwoVersionsAsync();
        var body = $$"""{"version": {{first}}}""";
        await StatusAsync(HttpStatusCode.PreconditionFailed, MoveAsync(body, ("If-Match", "*")));
        await StatusAsync(HttpStatusCode.PreconditionFailed, MoveAsync(body, ("If-Match", "\"1\"")));
        await StatusAsync(HttpStatusCode.Created, MoveAsync(body, ("If-None-Match", "*")));
        await StatusAsync(HttpStatusCode.PreconditionFailed, MoveAsync(body, ("If-None-Match", "*")));
        await StatusAsync(HttpStatusCode.PreconditionFailed, MoveAsync(body, ("If-Match", "W/\"1\"")));
        await StatusAsync(HttpStatusCode.OK, MoveAsync($$"""{"version": {{second}}}""", ("If-Match", "\"9\", \"1\"")));
        await StatusAsync(HttpStatusCode.NotModified, server.SendAsync("GET", Stable, null, ("If-None-Match", "\"2\"")));
        await StatusAsync(HttpStatusCode.OK, server.SendAsync("GET", Stable, null, ("If-None-Match", "\"1\"")));
        await StatusAsync(HttpStatusCode.PreconditionFailed, server.SendAsync("POST", $"{Stable}/rollback", null, ("If-Match", "\"1\"")));
        await StatusAsync(HttpStatusCode.PreconditionFailed, server.SendAsync("DELETE", Stable, null, ("If-Match", "\"1\"")));
        await StatusAsync(HttpStatusCode.NoContent, server.SendAsync("DELETE", Stable, null, ("If-Match", "\"2\"")));
        await StatusAsync(HttpStatusCode.NotFound, server.SendAsync("DELETE", Stable));
    }

    [Fact]
    public async Task Aliases_are_listed_with_their_script_and_keep_their_version()
    {
        var (first, second) = await TwoVersionsAsync();
        using var stable = await MoveAsync($$"""{"version": {{first}}}""");
        using var canary = await server.SendAsync("PUT", $"{Script}/aliases/canary", $$"""{"version": {{second}}}""");

        var expected = $$"""[{"name":"canary","version":{{second}}},{"name":"stable","version":{{first}}}]""";
        Assert.Equal(expected, (await server.GetAsync($"{Script}/aliases")).GetProperty("aliases").GetRawText());
        Assert.Equal(expected, (await server.GetAsync(Script)).GetProperty("aliases").GetRawText());
        using var deletion = await server.SendAsync("DELETE", $"{Script}/versions/{first}");
        Assert.Equal(
            $"The version {first} of the script \"{_path}\" is named by the alias \"stable\"; move or delete that first.",
            await deletion.ProblemAsync(409, "conflict"));
    }

    [Fact]
    public async Task An_unknown_alias_is_answered_with_those_that_there_are()
    {
        var (first, _) = await TwoVersionsAsync();
        using var none = await server.SendAsync("POST", $"/run/{_path}?version=beta", "{}");
        Assert.Equal($"There is no alias \"beta\" of the script \"{_path}\"; it has none.", await none.ProblemAsync(404, "not_found"));
        using var made = await MoveAsync($$"""{"version": {{first}}}""");
        using var other = await server.SendAsync("GET", $"{Script}/aliases/beta");
        Assert.Equal(
            $"There is no alias \"beta\" of the script \"{_path}\"; it has \"stable\".", await other.ProblemAsync(404, "not_found"));
        using var missing = await MoveAsync("""{"version": 7}""");
        Assert.StartsWith("There is no version 7 of the script", await missing.ProblemAsync(404, "not_found"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "The body must have either \"version\" or \"split\".")]
    [InlineData("""{"version": 1, "split": []}""", "The body must have either \"version\" or \"split\".")]
    [InlineData("""{"version": 0}""", "\"version\" is 0; allowed are whole numbers from 1 on.")]
    [InlineData("""{"version": 1.5}""", "\"version\" is 1.5; allowed are whole numbers from 1 on.")]
    [InlineData("""{"version": "1"}""", "\"version\" must be a number, not a string.")]
    [InlineData("""{"version": 1, "sticky": "X-User"}""", "\"sticky\" is only for a \"split\".")]
    [InlineData("""{"version": 1, "vresion": 2}""", "body: \"vresion\" is unknown; did you mean \"version\"?")]
    [InlineData("""{"split": [{"version": 1, "weight": 100}]}""", "\"split\" has 1 members; it must have two.")]
    [InlineData("""{"split": [{"version": 1, "weight": 90}, {"version": 2, "weight": 20}]}""", "The weights of \"split\" add up to 110; they must add up to 100.")]
    [InlineData("""{"split": [{"version": 1, "weight": 101}, {"version": 2, "weight": -1}]}""", "\"split[0].weight\" is 101; allowed are whole numbers from 0 to 100.")]
    [InlineData("""{"split": [{"version": 1, "weight": 50}, {"version": 1, "weight": 50}]}""", "\"split\" names version 1 twice; it must name two versions.")]
    [InlineData("""{"split": [{"version": 1}, {"version": 2, "weight": 50}]}""", "\"weight\" is missing in a member of \"split\".")]
    [InlineData("""{"split": [{"version": 1, "weight": 50}, {"version": 2, "weight": 50}], "sticky": "X User"}""", "\"sticky\" is \"X User\"; allowed is the name of a request header.")]
    public async Task A_wrong_target_is_refused_with_what_is_allowed(string body, string detail)
    {
        await TwoVersionsAsync();
        using var response = await MoveAsync(body);
        Assert.Equal(detail, await response.ProblemAsync(400, "malformed"));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("12")]
    [InlineData("a%20b")]
    public async Task A_name_that_could_be_something_else_is_refused(string name)
    {
        using var response = await server.SendAsync("PUT", $"{Script}/aliases/{name}", """{"version": 1}""");
        Assert.EndsWith(
            "allowed are 1 to 64 letters, digits or -._, not digits alone, and not \"latest\".",
            await response.ProblemAsync(400, "malformed"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("If-Match", "1")]
    [InlineData("If-None-Match", "\"1\"")]
    public async Task A_condition_that_cannot_be_read_is_refused(string header, string value)
    {
        using var response = await MoveAsync("""{"version": 1}""", (header, value));
        Assert.StartsWith(header, await response.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
    }

    private static async Task StatusAsync(HttpStatusCode expected, Task<HttpResponseMessage> request)
    {
        using var response = await request;
        Assert.Equal(expected, response.StatusCode);
    }

    private async Task<(long First, long Second)> TwoVersionsAsync() =>
        (await server.UploadAsync(_path, "return 1"), await server.UploadAsync(_path, "return 2"));

    private Task<HttpResponseMessage> MoveAsync(string body, params (string Name, string Value)[] headers) =>
        server.SendAsync("PUT", Stable, body, headers);

    private async Task<long> RunAsync(string version, params (string Name, string Value)[] headers)
    {
        using var response = await server.SendAsync("POST", $"/run/{_path}?version={version}", "{}", headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return long.Parse(response.Header("X-Script-Version"), null);
    }
}
