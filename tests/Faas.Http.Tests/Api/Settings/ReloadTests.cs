using System.Net;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Faas.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Settings;

public sealed class ReloadTests : IDisposable
{
    private readonly string _folder = TestFolder.Create("faas-reload-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_a_running_server_can_follow_is_in_force_and_the_rest_is_named()
    {
        await using var faas = await StartAsync("faas.pool.queue = 10\nfaas.pool.spares.node = 2");
        Write("faas.pool.queue = 20\nfaas.pool.spares.node = 2\nfaas.http.ping-interval = 3s");

        var reply = await ReloadAsync(faas);

        Assert.Equal("faas.pool.queue 10 20", Changes(reply, "changed"));
        Assert.Equal("faas.http.ping-interval 15s 3s", Changes(reply, "atNextStart"));
        var options = (await faas.Pool.Next<ChangePool>()).Options;
        Assert.Equal((20, 2), (options.Queue, options.SpareNode));
        Assert.Equal(("20", "15s"), (await ValueAsync(faas, "faas.pool.queue"), await ValueAsync(faas, "faas.http.ping-interval")));
    }

    [Fact]
    public async Task A_reload_without_a_change_does_nothing_and_tells_again_what_waits_for_the_next_start()
    {
        await using var faas = await StartAsync("");
        Write("faas.http.port = 9");
        await ReloadAsync(faas);

        var again = await ReloadAsync(faas);

        Assert.Equal(("", "faas.http.port 8080 9"), (Changes(again, "changed"), Changes(again, "atNextStart")));
        Assert.DoesNotContain(faas.Pool.Rest(), message => message is ChangePool);
    }

    [Fact]
    public async Task What_follows_from_a_setting_of_the_pool_and_waits_for_the_next_start_is_told()
    {
        await using var faas = await StartAsync("faas.pool.running = 8");
        Write("faas.pool.running = 12");
        const string notice = "Faas executes 4 asynchronous runs at once, and 6 from its next start on (faas.runs.kept.concurrency)";
        Assert.Equal(notice, Assert.Single((await ReloadAsync(faas)).GetProperty("notices").EnumerateArray()).GetString());
        Assert.Equal(notice, Assert.Single((await ReloadAsync(faas)).GetProperty("notices").EnumerateArray()).GetString());

        Write("faas.pool.running = 12\nfaas.runs.kept.concurrency = 4");
        Assert.Empty((await ReloadAsync(faas)).GetProperty("notices").EnumerateArray());
        Write("faas.pool.running = 12\nfaas.runs.kept.concurrency = 5");
        var reply = await ReloadAsync(faas);
        Assert.Equal("faas.runs.kept.concurrency 0 5", Changes(reply, "atNextStart"));
        Assert.Empty(reply.GetProperty("notices").EnumerateArray());
    }

    [Theory]
    [InlineData("faas.pool.queue = many", "faas.pool.queue")]
    [InlineData("faas.pool.queu = 7", "did you mean \"faas.pool.queue\"?")]
    [InlineData("faas.pool.spares.node = 600", "faas.pool.spares.node")]
    [InlineData("faas.log.format = xml\nfaas.pool.queue = 7", "faas.log.format")]
    [InlineData("faas { pool {", "line")]
    public async Task One_wrong_value_leaves_every_setting_as_it_was(string text, string why)
    {
        await using var faas = await StartAsync("faas.pool.queue = 10");
        Write(text);

        using var response = await faas.Client.PostAsync("/api/v1/reload", null);

        var detail = await response.ProblemAsync(409, "conflict");
        Assert.StartsWith("All settings stay as they were. ", detail, StringComparison.Ordinal);
        Assert.Contains(why, detail, StringComparison.Ordinal);
        Assert.DoesNotContain(faas.Pool.Rest(), message => message is ChangePool);
        Assert.Equal("10", await ValueAsync(faas, "faas.pool.queue"));
    }

    [Fact]
    public async Task The_level_of_the_log_follows_at_once()
    {
        await using var faas = await StartAsync("faas.log.level = error");
        var level = (LogLevelInForce)faas.Services.GetService(typeof(LogLevelInForce))!;
        Write("faas.log.level = debug");

        await ReloadAsync(faas);

        Assert.Equal(LogThreshold.Debug, level.Level);
    }

    [Fact]
    public async Task Secrets_are_neither_in_the_settings_nor_in_what_has_changed()
    {
        await using var faas = await StartAsync("");
        Write("faas.store.redis.password = \"open-sesame-1\"\nfaas.store.redis.host = \"redis.example\"");

        var reply = await ReloadAsync(faas);

        Assert.Contains("faas.store.redis.password", Changes(reply, "atNextStart"), StringComparison.Ordinal);
        Assert.DoesNotContain("open-sesame", reply.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("open-sesame", await faas.Client.GetStringAsync("/api/v1/settings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_setting_is_shown_with_its_origin()
    {
        await using var faas = await StartAsync("faas.pool.queue = 10");

        var settings = JsonDocument.Parse(await faas.Client.GetStringAsync("/api/v1/settings")).RootElement.GetProperty("settings");

        var queue = settings.EnumerateArray().Single(setting => setting.GetProperty("key").GetString() == "faas.pool.queue");
        Assert.EndsWith("overrides.conf, line 1", queue.GetProperty("origin").GetString(), StringComparison.Ordinal);
        Assert.True(queue.GetProperty("reloads").GetBoolean());
        var port = settings.EnumerateArray().Single(setting => setting.GetProperty("key").GetString() == "faas.http.port");
        Assert.Equal(("default", false), (port.GetProperty("origin").GetString(), port.GetProperty("reloads").GetBoolean()));
    }

    [Theory]
    [InlineData("GET", "/api/v1/settings")]
    [InlineData("POST", "/api/v1/reload")]
    public async Task Only_admins_may(string method, string path)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http.WithKeys());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Api-Key", Keys.Write);
        using var response = await faas.Client.SendAsync(request);
        await response.ProblemAsync(403, "forbidden");
    }

    private async Task<FaasUnderTest> StartAsync(string text)
    {
        Write(text);
        var environment = new Dictionary<string, string> { ["FAAS_CONFIG"] = Path.Combine(_folder, "overrides.conf") };
        return await FaasUnderTest.StartAsync(configuration: FaasConfiguration.Read(_folder, AppContext.BaseDirectory, environment));
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder, "overrides.conf"), text);

    private static async Task<JsonElement> ReloadAsync(FaasUnderTest faas)
    {
        using var response = await faas.Client.PostAsync("/api/v1/reload", null);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static async Task<string?> ValueAsync(FaasUnderTest faas, string key) =>
        JsonDocument.Parse(await faas.Client.GetStringAsync("/api/v1/settings")).RootElement.GetProperty("settings").EnumerateArray()
            .Single(setting => setting.GetProperty("key").GetString() == key).GetProperty("value").GetString();

    private static string Changes(JsonElement reply, string name) => string.Join("; ", reply.GetProperty(name).EnumerateArray()
        .Select(change => $"{change.GetProperty("key")} {change.GetProperty("from")} {change.GetProperty("to")}"));
}
