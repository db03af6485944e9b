using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Files from a call to its script and back, in real sandboxes.</summary>
[TestLimit(240)]
public sealed class FileTests
{
    private const string EchoPython =
        "import os\nos.makedirs('/tmp/out', exist_ok=True)\nseen = sorted(os.listdir('/tmp/in')) if os.path.isdir('/tmp/in') else []\n"
        + "for name in seen:\n    os.rename(f'/tmp/in/{name}', f'/tmp/out/back {name}')\nreturn [seen, sorted(os.listdir('/tmp'))]";

    private const string EchoJavaScript =
        "const fs = require('fs');\nfs.mkdirSync('/tmp/out', { recursive: true });\nconst seen = fs.existsSync('/tmp/in') ? fs.readdirSync('/tmp/in').sort() : [];\n"
        + "for (const name of seen) fs.renameSync(`/tmp/in/${name}`, `/tmp/out/back ${name}`);\nreturn [seen, fs.readdirSync('/tmp').sort()];";

    /// <summary>A text, and bytes that no text has.</summary>
    private static readonly object[] s_files = [new { name = "ä.csv", text = "1,2\n" }, new { name = "b.png", base64 = "iVBORwD/" }];

    [Theory]
    [InlineData("fork")]
    [InlineData("exec")]
    public async Task A_script_has_what_its_call_brings_and_its_caller_what_it_leaves(string launch)
    {
        await using var server = await FaasServer.StartAsync($"faas.sandbox.launch = {launch}");
        foreach (var language in (string[])["python", "javascript", "typescript"])
        {
            var code = CodeOf(language);
            var file = language switch { "python" => "script.py", "javascript" => "script.js", _ => "script.ts" };
            foreach (var isolation in (string[])["process", "sandbox"])
            {
                var path = $"{language}/{isolation}";
                using var upload = await server.PostAsync("/upload", new { path, language, code, isolation });
                Assert.Equal(HttpStatusCode.OK, upload.StatusCode);
                for (var round = 0; round < 2; round++)
                {
                    var full = await server.ReplyAsync($"/run/{path}", new { files = s_files });
                    Assert.Equal($"[[\"b.png\",\"ä.csv\"],[\"in\",\"out\",\"{file}\"]]", full.Data);
                    Assert.Equal([("back b.png", "image/png", "iVBORwD/"), ("back ä.csv", "text/csv", "MSwyCg==")], FilesOf(full.Body));

                    // The same sandbox, and no file of the call before.
                    var empty = await server.ReplyAsync($"/run/{path}", new { });
                    Assert.Equal($"[[],[\"out\",\"{file}\"]]", empty.Data);
                    Assert.False(empty.Body.TryGetProperty("files", out _));
                }
            }

            var now = await server.ReplyAsync("/run-now", new { language, code, files = s_files });
            Assert.Equal(2, FilesOf(now.Body).Count);
            var last = (await server.EventsAsync("/run-now", new { language, code, files = s_files, stream = true }))[^1];
            Assert.Equal("result", last.GetProperty("event").GetString());
            Assert.Equal(2, FilesOf(last).Count);
        }

        await server.EndAsync();
    }

    [Fact]
    public async Task Calls_at_once_see_their_own_files_alone_and_a_shared_process_gets_none()
    {
        await using var server = await FaasServer.StartAsync();
        foreach (var language in (string[])["python", "javascript"])
        {
            await server.UploadAsync(language, language, CodeOf(language));
            var calls = Enumerable.Range(0, 40).Select(async number =>
            {
                var reply = await server.ReplyAsync($"/run/{language}", new { files = (object[])[new { name = $"{number}", text = $"{number}" }] });
                Assert.Equal(
                    [($"back {number}", "application/octet-stream", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{number}")))],
                    FilesOf(reply.Body));
            });
            await Task.WhenAll(calls);

            using var upload = await server.PostAsync("/upload", new { path = $"shared/{language}", language, code = CodeOf(language), isolation = "shared" });
            Assert.Equal(HttpStatusCode.OK, upload.StatusCode);
            var refused = await server.ReplyAsync($"/run/shared/{language}", new { files = s_files });
            Assert.Equal((HttpStatusCode.BadRequest, "malformed"), (refused.Status, refused.Reason));
            var plain = await server.ReplyAsync($"/run/shared/{language}", new { });
            Assert.StartsWith("[[],", plain.Data, StringComparison.Ordinal);
        }

        await server.EndAsync();
    }

    [Fact]
    public async Task What_cannot_be_given_back_is_named_and_the_next_call_is_served()
    {
        await using var server = await FaasServer.StartAsync();
        foreach (var (code, reason, named) in new[]
        {
            ("os.symlink('/etc/passwd', 'x')", "error", "/tmp/out/x is a symbolic link"),
            ("os.mkdir('x')", "error", "/tmp/out/x is a folder"),
            (@"open('a\\b', 'w').close()", "error", "its name has a slash or a backslash"),
            (@"open('a\nb', 'w').close()", "error", "its name has a control character"),
            (@"open(b'\xff', 'w').close()", "error", "not valid UTF-8"),
            ("os.truncate(os.open('x', os.O_CREAT | os.O_RDWR), 17 << 20)", "output_limit", "/tmp/out/x"),
            ("[os.close(os.open(str(n), os.O_CREAT)) for n in range(1000)]", "output_limit", "more than 100 files"),
            ("open('x', 'w').close(); raise ValueError('its own')", "error", "ValueError: its own"),
        })
        {
            var source = $"import os\nos.mkdir('/tmp/out'); os.chdir('/tmp/out')\n{code}\nreturn 1";
            await server.UploadAsync("rude", "python", source);
            var reply = await server.RunAsync("rude");
            Assert.True((reply.Status, reply.Reason) == (HttpStatusCode.InternalServerError, reason), $"{code}: {reply}");
            Assert.Contains(named, reply.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal("1", (await server.RunNowAsync("python", "return 1")).Data);
        await server.EndAsync();
    }

    [Fact]
    public async Task Secrets_are_no_part_of_a_file_and_tools_and_functions_give_back_none()
    {
        await using var server = await FaasServer.StartAsync();
        using var written = await server.Client.PutAsync(
            new Uri("/api/v1/secrets/TOKEN", UriKind.Relative), new StringContent("""{"value": "tok-9f86d081"}""", Encoding.UTF8, "application/json"));
        Assert.True(written.IsSuccessStatusCode);
        const string code = "import builtins, os\nos.mkdir('/tmp/out')\nopen('/tmp/out/a', 'w').write('<' + getattr(builtins, 'secrets').TOKEN + '>')\nreturn 1";
        using var upload = await server.PostAsync(
            "/upload", new { path = "tells", language = "python", code, secrets = (string[])["TOKEN"], @public = true });
        Assert.Equal(HttpStatusCode.OK, upload.StatusCode);

        var reply = await server.RunAsync("tells");
        Assert.Equal([("a", "application/octet-stream", Convert.ToBase64String("<***>"u8))], FilesOf(reply.Body));
        Assert.Equal("1", await server.Client.GetStringAsync(new Uri("/http/tells", UriKind.Relative)));

        foreach (var (made, told) in ((string Made, string Told)[])
        [
            ("os.mkdir('/tmp/out/' + token)", "/tmp/out/*** is a folder"),
            ("[open('/tmp/out/' + name, 'w').close() for name in (token, '***')]", "Two files of /tmp/out have the name ***"),
        ])
        {
            var names = $"import builtins, os\ntoken = getattr(builtins, 'secrets').TOKEN\nos.mkdir('/tmp/out')\n{made}\nreturn 1";
            using var stored = await server.PostAsync(
                "/upload", new { path = "names", language = "python", code = names, secrets = (string[])["TOKEN"] });
            Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
            var refused = await server.RunAsync("names");
            Assert.Contains(told, refused.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("tok-9f86d081", refused.Body.GetRawText(), StringComparison.Ordinal);
        }

        await server.EndAsync();
    }

    [Fact]
    public async Task Sixteen_megabytes_go_there_and_back_and_the_server_holds_them_once_each_way()
    {
        await using var server = await FaasServer.StartAsync();
        var content = RandomNumberGenerator.GetBytes(16 << 20);
        await server.UploadAsync("echo", "python", EchoPython);
        await TimesAsync(server, content, 2);
        var before = server.ResidentBytes();
        await TimesAsync(server, content, 4);

        // The garbage collector decides when memory goes back; five copies of each of these calls would be 640 MB.
        Assert.InRange(server.ResidentBytes() - before, long.MinValue, 300 << 20);
        await server.EndAsync();
    }

    private static async Task TimesAsync(FaasServer server, byte[] content, int times)
    {
        for (var round = 0; round < times; round++)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "files", "big" } };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/run/echo") { Content = form };
            request.Headers.Add("Accept", "multipart/form-data");
            using var response = await server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var body = await response.Content.ReadAsByteArrayAsync();
            var at = body.AsSpan().IndexOf(content.AsSpan(0, 64));
            Assert.True(body.AsSpan(at, content.Length).SequenceEqual(content));
        }
    }

    private static string CodeOf(string language) => language == "python" ? EchoPython : EchoJavaScript;

    private static List<(string Name, string MediaType, string Base64)> FilesOf(JsonElement answer) =>
        [.. answer.GetProperty("files").EnumerateArray().Select(file => (
            file.GetProperty("name").GetString()!, file.GetProperty("mediaType").GetString()!, file.GetProperty("base64").GetString()!))];
}
