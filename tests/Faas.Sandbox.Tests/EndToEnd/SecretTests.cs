using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Faas.Sandbox.Tests.Faults;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Secrets from the call that writes them to the script that has them, on both stores, and nowhere else.</summary>
[TestLimit(180)]
public sealed class SecretTests
{
    private const string Token = "tok-9f86d081884c7d65";
    private const string Other = "tok-2c26b46b68ffc68f";

    private static readonly (string, string)[] s_languagesAndIsolations =
        [("python", "process"), ("javascript", "process"), ("python", "concurrent"), ("javascript", "concurrent")];

    public static TheoryData<string, string> Ways
    {
        get
        {
            var ways = new TheoryData<string, string>();
            foreach (var isolation in (string[])["sandbox", "process", "shared", "concurrent"])
            {
                ways.Add("javascript", isolation);
                ways.Add("typescript", isolation);
                ways.Add("python", isolation);
            }

            return ways;
        }
    }

    [Fact]
    public async Task A_script_has_what_its_version_lists_and_the_value_that_was_written_last()
    {
        await using var server = await FaasServer.StartAsync();
        foreach (var way in Ways)
        {
            var (language, isolation) = ((string)way[0], (string)way[1]);
            await WriteAsync(server, "TOKEN", Token);
            await WriteAsync(server, "UNUSED", Other);
            var path = $"{language}/{isolation}";
            await UploadAsync(server, path, language, Seen(language), ["TOKEN"], isolation, inEnv: false);
            await UploadAsync(server, $"{path}/env", language, Seen(language), ["TOKEN"], isolation, inEnv: true);
            await UploadAsync(server, $"{path}/none", language, Seen(language), [], isolation, inEnv: false);

            Assert.Equal("[20,-1,false]", await DataAsync(server, path));
            Assert.Equal("[20,20,false]", await DataAsync(server, $"{path}/env"));
            Assert.Equal("[-1,-1,false]", await DataAsync(server, $"{path}/none"));
            await WriteAsync(server, "TOKEN", "four");
            Assert.Equal("[4,-1,false]", await DataAsync(server, path));
            Assert.Equal("[4,4,false]", await DataAsync(server, $"{path}/env"));
            Assert.Equal("[-1,-1,false]", await DataAsync(server, $"{path}/none"));
        }

        await server.EndAsync();
    }

    [Fact]
    public async Task What_a_script_prints_returns_and_throws_shows_no_value()
    {
        await using var server = await FaasServer.StartAsync();
        await WriteAsync(server, "TOKEN", Token);
        foreach (var (language, isolation) in s_languagesAndIsolations)
        {
            var isPython = language == "python";
            var path = $"masked/{language}/{isolation}";
            await UploadAsync(
                server,
                path,
                language,
                isPython
                    ? "import sys, time\nprint('a', secrets.TOKEN, flush=True)\nfor piece in (secrets.TOKEN[:7], secrets.TOKEN[7:]):\n"
                        + "    print(piece, end='', flush=True)\n    time.sleep(0.1)\nprint('!')\nprint(secrets.TOKEN, file=sys.stderr)\n"
                        + "if event.get('fail'):\n    raise ValueError('with ' + secrets.TOKEN)\nreturn {'it': secrets.TOKEN, secrets.TOKEN: [1]}"
                    : "console.log('a', secrets.TOKEN); for (const piece of [secrets.TOKEN.slice(0, 7), secrets.TOKEN.slice(7)]) {"
                        + "process.stdout.write(piece); await new Promise((done) => setTimeout(done, 100)); } console.log('!'); console.error(secrets.TOKEN);\n"
                        + "if (event.fail) throw new Error('with ' + secrets.TOKEN);\nreturn { it: secrets.TOKEN, [secrets.TOKEN]: [1] };",
                ["TOKEN"],
                isolation,
                inEnv: false);

            var good = await server.ReplyAsync($"/run/{path}", new { logs = true });
            Assert.Equal("{\"it\":\"***\",\"***\":[1]}", good.Data);
            Assert.Equal("a ***\n***!\n***\n", good.Body.GetProperty("logs").GetString());
            var bad = await server.RunAsync(path, new { fail = true });
            Assert.Equal((HttpStatusCode.InternalServerError, "with ***"), (bad.Status, bad.Body.GetProperty("message").GetString()));
            Assert.DoesNotContain(Token, bad.ToString(), StringComparison.Ordinal);
            var events = await server.EventsAsync($"/run/{path}", new { stream = true });
            Assert.DoesNotContain(events, one => one.GetRawText().Contains(Token, StringComparison.Ordinal));
            Assert.Contains(events, one => one.GetRawText().Contains("\"***!\"", StringComparison.Ordinal));
        }

        await server.EndAsync();
    }

    [Fact]
    public async Task Printed_values_and_returned_bytes_show_no_value()
    {
        await using var server = await FaasServer.StartAsync();
        await WriteAsync(server, "TOKEN", Token);
        await UploadAsync(server, "printed", "python", "print('{\"it\": \"' + secrets.TOKEN + '\"}')", ["TOKEN"], "process", inEnv: false);
        Assert.Equal("{\"it\": \"***\"}", await DataAsync(server, "printed"));
        await UploadAsync(server, "bytes", "python", "return b'<' + secrets.TOKEN.encode() + b'>'", ["TOKEN"], "process", inEnv: false);
        var bytes = JsonDocument.Parse(await DataAsync(server, "bytes")).RootElement.GetProperty("base64").GetBytesFromBase64();
        Assert.Equal("<***>", Encoding.UTF8.GetString(bytes));
        await UploadAsync(server, "plain", "python", $"return '{Token}'", [], "process", inEnv: false);
        Assert.Equal($"\"{Token}\"", await DataAsync(server, "plain"));
        await server.EndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Neither_the_store_nor_the_log_nor_a_sandbox_has_a_value_or_a_key(bool overTcp)
    {
        var redisFolder = TestFolder.Create("faas-redis-");
        await using var redis = overTcp ? await RedisServer.StartAsync(redisFolder) : null;
        await using var server = await FaasServer.StartAsync("faas.log { level = debug }", null, redis?.Environment ?? []);
        await WriteAsync(server, "TOKEN", Token);
        await WriteAsync(server, "TOKEN", Other);
        foreach (var language in (string[])["python", "javascript"])
        {
            await UploadAsync(server, $"kept/{language}", language, Seen(language), ["TOKEN"], "process", inEnv: true);
            Assert.Equal("[20,20,false]", await DataAsync(server, $"kept/{language}"));
        }

        using (var list = await server.Client.GetAsync(new Uri("/api/v1/secrets", UriKind.Relative)))
        {
            Assert.DoesNotContain("tok-", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var keyFile = Path.Combine(server.Folder, "data", "secrets.key");
        var key = File.ReadLines(keyFile).Last(line => line.Length > 0 && line[0] != '#');
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile));
        var files = new[] { server.Folder, redisFolder }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => file != keyFile && File.GetAttributes(file) is not FileAttributes.Device)
            .Select(file => (File: file, Bytes: ReadShared(file))).ToList();
        Assert.Contains(
            files, file => file.Bytes.AsSpan().IndexOf("TOKEN"u8) >= 0 && file.File.Contains("appendonly", StringComparison.Ordinal));
        foreach (var hidden in (string[])[Token, Other, Convert.ToBase64String(Encoding.UTF8.GetBytes(Token)), key])
        {
            Assert.DoesNotContain(files, file => file.Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(hidden)) >= 0);
            Assert.DoesNotContain(hidden, server.Log, StringComparison.Ordinal);
        }

        Assert.Equal("[]", (await server.RunNowAsync(
            "python", "import subprocess\nreturn subprocess.run(['find', '/', '-name', 'secrets.key', '-not', '-path', '/proc/*'], "
            + "capture_output=True, text=True).stdout.split()")).Data);
        await server.EndAsync();
        if (!overTcp)
        {
            Directory.Delete(redisFolder, true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_acknowledged_is_there_after_kill_9_also_in_the_middle_of_a_rotation(bool overTcp)
    {
        await using var redis = overTcp ? await RedisServer.StartAsync() : null;
        (string, string)[] environment = redis?.Environment ?? [];
        var server = await FaasServer.StartAsync("", null, environment);
        try
        {
            await UploadAfterAsync(server);
            var random = new Random();
            for (var round = 0; round < FaultRun.Rounds(2); round++)
            {
                var written = new Dictionary<string, string>();
                var writing = WriteUntilGoneAsync(server, written, $"r{round}");
                var rotating = RotateUntilGoneAsync(server);
                await Eventually.HoldsAsync(() => written.Count > 0, TimeSpan.FromSeconds(30), () => "nothing was written");
                await Task.Delay(random.Next(0, 300)); // the moment is what is random
                await server.KillAsync();
                var last = await writing;
                await rotating;
                await server.DisposeAsync();

                server = await FaasServer.StartAsync("", server.Folder, environment);
                var there = JsonSerializer.Deserialize<int[]>(await DataAsync(server, "lengths"))!;
                for (var i = 0; i < Names.Length; i++)
                {
                    var acknowledged = written.GetValueOrDefault(Names[i]);
                    Assert.True(
                        acknowledged is null || there[i] == acknowledged.Length || (last.Name == Names[i] && there[i] == last.Value.Length),
                        $"{Names[i]} has {there[i]} letters; acknowledged were {acknowledged?.Length}, sent {last}");
                }
            }

            await server.EndAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_file_that_is_lost_is_told_at_the_start_and_by_the_call_that_needs_it()
    {
        var server = await FaasServer.StartAsync();
        await WriteAsync(server, "TOKEN", Token);
        await UploadAsync(server, "needs", "python", "return 1", ["TOKEN"], "process", inEnv: false);
        Assert.Equal(0, await server.StopAsync());
        await server.DisposeAsync();
        var keyFile = Path.Combine(server.Folder, "data", "secrets.key");
        File.Move(keyFile, $"{keyFile}.away");

        await using var second = await FaasServer.StartAsync("", server.Folder);
        Assert.Contains($"The key file {keyFile} is missing. The 1 secrets cannot be decrypted", second.Log, StringComparison.Ordinal);
        var refused = await second.RunAsync("needs");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "store"), (refused.Status, refused.Reason));
        Assert.Contains("\"TOKEN\" cannot be decrypted", refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);

        File.Move($"{keyFile}.away", keyFile);
        Assert.Equal("1", await DataAsync(second, "needs"));
        await second.EndAsync();
    }

    private static string[] Names => ["A", "B", "C"];

    private static byte[] ReadShared(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException)
        {
            return []; // a socket, or the lock of the folder
        }
    }

    private static async Task UploadAfterAsync(FaasServer server)
    {
        foreach (var name in Names)
        {
            await WriteAsync(server, name, "first");
        }

        await UploadAsync(server, "lengths", "python", "return [len(secrets.A), len(secrets.B), len(secrets.C)]", Names, "process", inEnv: false);
    }

    private static async Task<(string Name, string Value)> WriteUntilGoneAsync(
        FaasServer server, Dictionary<string, string> written, string start)
    {
        for (var turn = 0; ; turn++)
        {
            var (name, value) = (Names[turn % Names.Length], $"{start}{new string('x', turn + 10)}");
            try
            {
                await WriteAsync(server, name, value);
                lock (written)
                {
                    written[name] = value;
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                return (name, value);
            }
        }
    }

    private static async Task RotateUntilGoneAsync(FaasServer server)
    {
        try
        {
            while (true)
            {
                using var rotated = await server.PostAsync("/api/v1/secrets/rotate", new { });
                var text = await rotated.Content.ReadAsStringAsync();
                Assert.True(rotated.IsSuccessStatusCode && text.Contains("\"lost\":[]", StringComparison.Ordinal), text);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // The server is.
        }
    }

    private static string Seen(string language) => language == "python"
        ? "import builtins, os\nheld = getattr(builtins, 'secrets', None)\nlength = lambda text: -1 if text is None else len(text)\n"
            + "return [length(getattr(held, 'TOKEN', None)), length(os.environ.get('TOKEN')), hasattr(held, 'UNUSED') or 'UNUSED' in os.environ]"
        : "const held = (globalThis as any).secrets, length = (text) => text?.length ?? -1;\n".Replace(
                "(globalThis as any)", language == "typescript" ? "(globalThis as any)" : "globalThis", StringComparison.Ordinal)
            + "return [length(held?.TOKEN), length(process.env.TOKEN), held?.UNUSED !== undefined || 'UNUSED' in process.env];";

    private static async Task<string> DataAsync(FaasServer server, string path) => (await server.RunAsync(path)).Data;

    private static async Task WriteAsync(FaasServer server, string name, string value)
    {
        using var response = await server.Client.PutAsync(
            new Uri($"/api/v1/secrets/{name}", UriKind.Relative), JsonContent.Create(new { value }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task UploadAsync(
        FaasServer server, string path, string language, string code, string[] secrets, string isolation, bool inEnv)
    {
        var body = new Dictionary<string, object>
        {
            ["path"] = path, ["language"] = language, ["code"] = code, ["secrets"] = secrets,
            ["isolation"] = isolation == "concurrent" ? "shared" : isolation, ["concurrency"] = isolation == "concurrent" ? 4 : 1,
        };
        if (inEnv)
        {
            body["secretsInEnv"] = true;
        }

        using var upload = await server.PostAsync("/upload", body);
        Assert.True(upload.IsSuccessStatusCode, await upload.Content.ReadAsStringAsync());
    }
}
