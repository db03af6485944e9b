namespace Faas.Sandbox.Tests.Servers;

/// <summary>
/// A server with spares and one without, so that a test can say where the sandbox of its call comes from: <c>warm</c> (a stored script's,
/// bound by the check of its upload), <c>spare</c> or <c>cold</c>.
/// </summary>
public sealed class ServersByStart : IAsyncLifetime
{
    /// <summary>What <see cref="Settings"/> say of a run's time.</summary>
    public const double DefaultSeconds = 2;

    private const string Settings = "faas.sandbox.timeout = 2s\n";
    private FaasServer _withSpares = null!;
    private FaasServer _withoutSpares = null!;
    private int _scripts;

    /// <summary>Each language whose runtime differs, and each start.</summary>
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var start in (string[])["warm", "spare", "cold"])
            {
                all.Add("javascript", start);
                all.Add("python", start);
            }

            return all;
        }
    }

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        _withSpares = await FaasServer.StartAsync(Settings + "faas.pool.spares { node = 1, python = 1, max = 1 }");
        _withoutSpares = await FaasServer.StartAsync(Settings + "faas.pool.spares { node = 0, python = 0, max = 0 }");
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        await _withSpares.EndAsync();
        await _withSpares.DisposeAsync();
        await _withoutSpares.EndAsync();
        await _withoutSpares.DisposeAsync();
    }

    /// <summary>Runs code with these settings in a sandbox that comes from there.</summary>
    public Task<Reply> RunAsync(string language, string start, string code, params (string Name, object Value)[] settings) =>
        start == "warm" ? RunStoredAsync(language, code, settings) : RunNowAsync(language, start, code, settings);

    private async Task<Reply> RunStoredAsync(string language, string code, (string Name, object Value)[] settings)
    {
        // Code that was checked before is not checked again, so no sandbox would be bound to it.
        var number = Interlocked.Increment(ref _scripts);
        var path = $"settings/{number}";
        code += language == "python" ? $"\n# {number}" : $"\n// {number}";
        using var upload = await _withoutSpares.PostAsync("/upload", Body(language, code, [.. settings, ("path", path)]));
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
        return await ReplyAsync(_withoutSpares, $"/run/{path}", new Dictionary<string, object>(), "warm");
    }

    private async Task<Reply> RunNowAsync(string language, string start, string code, (string Name, object Value)[] settings)
    {
        var server = start == "spare" ? _withSpares : _withoutSpares;
        if (start == "spare")
        {
            await Eventually.HoldsAsync(
                async () => (await server.LookAsync()).Pool.Spare == 2, TimeSpan.FromSeconds(30), () => "there are not two spares");
        }

        return await ReplyAsync(server, "/run-now", Body(language, code, settings), start);
    }

    private static Dictionary<string, object> Body(string language, string code, (string Name, object Value)[] members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, member.Value))) { ["language"] = language, ["code"] = code };

    private static async Task<Reply> ReplyAsync(FaasServer server, string path, Dictionary<string, object> body, string start)
    {
        using var response = await server.PostAsync(path, body);
        var reply = new Reply(response.StatusCode, response.Headers.RetryAfter?.Delta, await response.ReadAsync());
        Assert.True(response.Headers.TryGetValues("X-Start", out var starts), reply.ToString());
        Assert.Equal(start, starts.Single());
        return reply;
    }
}
