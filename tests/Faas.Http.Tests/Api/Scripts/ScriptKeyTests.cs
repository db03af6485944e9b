using System.Net;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Scripts;

/// <summary>A server whose callers need keys; one of them is for the scripts under two prefixes.</summary>
public sealed class ScriptServerWithKeys : ScriptServer
{
    public const string Team = "team-0123456789abc";

    protected override FaasOptions Change(FaasOptions options) =>
        options with { Http = options.Http.WithKeys($"team:read+write+invoke@team/a@team/b/c:{Team}") };
}

/// <summary>Which scripts a key opens.</summary>
public sealed class ScriptKeyTests(ScriptServerWithKeys server) : IClassFixture<ScriptServerWithKeys>
{
    [Theory]
    [InlineData("/api/v1/scripts")]
    [InlineData("/api/v1/scripts/a")]
    [InlineData("/api/v1/scripts/a/versions")]
    [InlineData("/api/v1/scripts/a/versions/latest")]
    [InlineData("/api/v1/scripts/a/versions/latest/code")]
    public async Task Reading_needs_the_scope_read(string url)
    {
        using var without = await server.SendAsync("GET", url);
        await without.ProblemAsync(401, "unauthorized");
        foreach (var key in new[] { Keys.Invoke, Keys.Execute, Keys.Write })
        {
            using var wrong = await server.SendAsync("GET", url, null, ("X-Api-Key", key));
            Assert.Contains("lacks the scope \"read\"", await wrong.ProblemAsync(403, "forbidden"), StringComparison.Ordinal);
        }

        foreach (var key in new[] { Keys.Read, Keys.Admin })
        {
            using var right = await server.SendAsync("GET", url, null, ("X-Api-Key", key));
            Assert.NotEqual(HttpStatusCode.Forbidden, right.StatusCode);
        }
    }

    [Fact]
    public async Task A_key_with_prefixes_sees_the_scripts_under_them_and_no_other()
    {
        string[] own = ["team/a", "team/a/x", "team/b/c"];
        foreach (var path in own.Concat(["team/ab", "team/b", "other"]))
        {
            using var uploaded = await server.SendAsync(
                "POST", "/upload", $$"""{"path": "{{path}}", "language": "python", "code": "return 1"}""", ("X-Api-Key", Keys.Admin));
            Assert.Equal(HttpStatusCode.OK, uploaded.StatusCode);
        }

        await Eventually.HoldsAsync(
            async () => (await ListAsync(Keys.Admin, "")).Length == 6, TimeSpan.FromSeconds(10), () => "the list stays behind");
        Assert.Equal(own, await ListAsync(ScriptServerWithKeys.Team, ""));
        Assert.Equal(own, (await ListAsync(ScriptServerWithKeys.Team, "?sort=time")).Order(StringComparer.Ordinal));
        Assert.Equal(["team/b/c"], await ListAsync(ScriptServerWithKeys.Team, "?prefix=team/b"));
        using var foreign = await server.SendAsync("GET", "/api/v1/scripts/team%2Fb", null, ("X-Api-Key", ScriptServerWithKeys.Team));
        Assert.Equal(
            "The key \"team\" is not for the script \"team/b\"; it is for those under team/a, team/b/c.",
            await foreign.ProblemAsync(403, "forbidden"));
        using var run = await server.SendAsync("POST", "/run/team%2Fb", "{}", ("X-Api-Key", ScriptServerWithKeys.Team));
        await run.ProblemAsync(403, "forbidden");
    }

    private async Task<string[]> ListAsync(string key, string query)
    {
        using var response = await server.SendAsync("GET", $"/api/v1/scripts{query}", null, ("X-Api-Key", key));
        var page = await ScriptServer.JsonAsync(response);
        return [.. page.GetProperty("scripts").EnumerateArray().Select(script => script.GetProperty("path").GetString()!)];
    }
}
