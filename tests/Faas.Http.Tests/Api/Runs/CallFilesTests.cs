using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Configuration;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Runs;

/// <summary>The files that calls bring and that runs give back, on the wire.</summary>
public sealed class CallFilesTests
{
    private const string Boundary = "x-x";

    private static readonly string s_long = new('n', 256);

    /// <summary>The member <c>files</c>, the status, and what the problem must name.</summary>
    public static TheoryData<string, int, string> Wrong => new()
    {
        { "5", 400, "\"files\" must be an array of objects, not a number." },
        { "[5]", 400, "item 1 is a number" },
        { """[{"text": "1"}]""", 400, "\"name\" is missing in item 1 of \"files\"." },
        { """[{"name": 5, "text": "1"}]""", 400, "\"name\" must be a string in item 1 of \"files\", not a number." },
        { """[{"name": "", "text": "1"}]""", 400, "\"\": the name is empty" },
        { """[{"name": ".", "text": "1"}]""", 400, "\".\": the name is that of a folder" },
        { """[{"name": "..", "text": "1"}]""", 400, "\"..\": the name is that of a folder" },
        { """[{"name": "a/b.csv", "text": "1"}]""", 400, "\"a/b.csv\": the name has a slash or a backslash" },
        { """[{"name": "/etc/passwd", "text": "1"}]""", 400, "\"/etc/passwd\": the name has a slash" },
        { """[{"name": "..\\a", "text": "1"}]""", 400, "the name has a slash or a backslash" },
        { """[{"name": "a\u0000b", "text": "1"}]""", 400, "the name has a control character" },
        { """[{"name": "a\ud800", "text": "1"}]""", 400, "\"name\" contains half of a surrogate pair in item 1" },
        { $$"""[{"name": "{{s_long}}", "text": "1"}]""", 400, "has 256 bytes; allowed are 255" },
        { """[{"name": "a"}]""", 400, "The file \"a\" has neither \"text\" nor \"base64\"" },
        { """[{"name": "a", "text": "1", "base64": "MQ=="}]""", 400, "The file \"a\" has both \"text\" and \"base64\"" },
        { """[{"name": "a", "text": "1", "text": "2"}]""", 400, "\"text\" appears twice in item 1 of \"files\"." },
        { """[{"name": "a", "text": 1}]""", 400, "\"text\" must be a string in item 1 of \"files\", not a number." },
        { """[{"name": "a", "base64": "MQ"}]""", 400, "\"base64\" of the file \"a\" is \"MQ\", which is no base64" },
        { """[{"name": "a", "base64": "????"}]""", 400, "which is no base64" },
        { """[{"name": "a", "base64": null}]""", 400, "\"base64\" must be a string in item 1 of \"files\", not null." },
        { """[{"name": "a", "text": ""}, {"name": "a", "text": ""}]""", 400, "Two files of the call have the name \"a\"." },
        { """[{"name": "a", "text": ""}, {"name": "b", "text": ""}, {"name": "c", "text": ""}, {"name": "d", "text": ""}]""", 413, "The file \"d\" is one too many; a call may bring 3" },
        { """[{"name": "a", "text": "12345"}, {"name": "b", "text": "123456"}]""", 413, "With the file \"b\", the files of the call have more than the 10 bytes" },
    };

    /// <summary>A part, or a whole body that has boundaries; and what the problem must name.</summary>
    public static TheoryData<string, int, string> WrongForms => new()
    {
        { File("a/b", "1"), 400, "the name has a slash" },
        { File("", "1"), 400, "the name is empty" },
        { File("..", "1"), 400, "the name is that of a folder" },
        { File("a\\\\b", "1"), 400, "the name has a slash or a backslash" },
        { File("a", "1") + File("a", "2"), 400, "Two files of the call have the name \"a\"." },
        { File("a", "12345678901"), 413, "With the file \"a\"" },
        { File("a", "") + File("b", "") + File("c", "") + File("d", ""), 413, "The file \"d\" is one too many" },
        { Field("input", "{"), 400, "\"input\" is a string, so its text must be JSON" },
        { Field("stats", "maybe"), 400, "\"stats\" must be true or false, not a string." },
        { Field("stats", "true") + Field("stats", "true"), 400, "\"stats\" appears twice." },
        { Field("input", new string(' ', 2000)), 413, "The parts that are no files have more than 1024 bytes." },
        { "--x-x\r\nContent-Type: text/plain\r\n\r\n1\r\n", 400, "Part 1 has no header Content-Disposition: form-data with a name." },
        { "--x-x\r\nContent-Disposition: attachment; filename=a\r\n\r\n1\r\n", 400, "Part 1 has no header Content-Disposition" },
        { "--x-x\r\nContent-Disposition: form-data; name=f; filename=a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n", 400, "Content-Transfer-Encoding \"base64\"" },
        { "--x-x\r\nContent-Disposition: form-data; name=f; filename*\r\n\r\n1\r\n", 400, "the parameter \"filename*\" without a value" },
        { "--x-x\r\nno header\r\n\r\n1\r\n", 400, "cannot be read" },
    };

    [Theory]
    [InlineData("/run/math/add", "")]
    [InlineData("/run-now", "\"language\": \"python\", \"code\": \"1\", ")]
    public async Task Files_come_in_the_body_and_an_input_keeps_its_own(string path, string members)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(
            path,
            $$"""{{{members}}"input": {"files": [1]}, "files": [{"name": "ä \"b\".csv", "text": "1,2\n€"}, {"name": "b", "base64": "AAE=", "size": 2, "mediaType": "x/y", "extra": 1}]}""");

        Assert.Equal("""{"data":42,"type":"number"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("file: \\u0022extra\\u0022 is unknown".Replace("\\u0022", "\"", StringComparison.Ordinal), response.Header("X-Warnings"));
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal("""{"files": [1]}"""u8.ToArray(), run.Input.ToArray());
        Assert.Equal([("ä \"b\".csv", "1,2\n€"), ("b", "\0\u0001")], run.Files.Select(file => (file.Name, Encoding.UTF8.GetString(file.Content))));
        Assert.True(run.GivesFiles);
    }

    [Fact]
    public async Task Files_come_in_a_form_and_so_does_everything_else()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("python"), "language" },
            { new StringContent("return 1"), "code" },
            { new StringContent("""{"a": 1}""", Encoding.UTF8, "application/json"), "input", "blob" }, // as a Blob of a browser
            { new StringContent("5"), "timeout" },
            { new StringContent("""{"A": "b"}"""), "env" },
            { new StringContent("true"), "logs" },
            { new ByteArrayContent(new byte[300_000]), "any", "big" },
            { new ByteArrayContent([0, 255]), "any", "ä b.bin" },
        };
        using var response = await faas.Client.PostAsync("/run-now", form);

        Assert.Equal("""{"data":42,"type":"number","logs":""}""", await response.Content.ReadAsStringAsync());
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal("""{"a": 1}"""u8.ToArray(), run.Input.ToArray());
        Assert.Equal(("return 1", TimeSpan.FromSeconds(5), "b"), (run.Code.Source, run.Settings!.Timeout, run.Settings.Env!.Entries.Single().Value));
        Assert.Equal([("big", 300_000L), ("ä b.bin", 2L)], run.Files.Select(file => (file.Name, file.Content.Length)));
        Assert.Equal([0, 255], run.Files[1].Content.ToArray());
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Wrong_files_are_refused_by_name_and_nothing_runs(string files, int status, string named)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { Files = new FileLimits(3, 10) });
        using var response = await faas.PostAsync("/run/math/add", $$"""{"files": {{files}}}""");

        Assert.Contains(named, await response.ProblemAsync(status, status == 400 ? "malformed" : "too_large"), StringComparison.Ordinal);
        Assert.False(await HasRunAsync(faas));
    }

    [Theory]
    [MemberData(nameof(WrongForms))]
    public async Task Wrong_forms_are_refused_by_name_and_nothing_runs(string parts, int status, string named)
    {
        await using var faas = await FaasUnderTest.StartAsync(http => http with { Files = new FileLimits(3, 10), MaxRequestBytes = 1024 });
        using var response = await faas.PostAsync("/run/math/add", Encoding.UTF8.GetBytes($"{parts}--{Boundary}--\r\n"), $"multipart/form-data; boundary={Boundary}");

        Assert.Contains(named, await response.ProblemAsync(status, status == 400 ? "malformed" : "too_large"), StringComparison.Ordinal);
        Assert.False(await HasRunAsync(faas));
    }

    [Theory]
    [InlineData("multipart/form-data", "it needs a boundary of 1 to 70 characters")]
    [InlineData("multipart/form-data; boundary=\"\"", "it needs a boundary of 1 to 70 characters")]
    [InlineData("multipart/form-data; boundary=y", "ends before its last boundary")]
    [InlineData("multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x", "it needs a boundary")]
    public async Task A_boundary_that_is_missing_or_another_is_named(string type, string named)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/run/math/add", Encoding.UTF8.GetBytes($"{File("a", "1")}--{Boundary}--\r\n"), type);
        Assert.Contains(named, await response.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_cut_runs_nothing_and_the_next_call_is_served()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var body = $"{File("a", new string('1', 5000))}--{Boundary}--\r\n";
        foreach (var length in new[] { 0, 3, 120, 4000, body.Length - 5 })
        {
            // Its length is what came, so the form ends early.
            using var ended = await faas.PostAsync("/run/math/add", Encoding.UTF8.GetBytes(body[..length]), $"multipart/form-data; boundary={Boundary}");
            Assert.Contains("ends before its last boundary", await ended.ProblemAsync(400, "malformed"), StringComparison.Ordinal);

            // The client leaves in the middle.
            using var client = await RawClient.ConnectAsync(faas.Address);
            await client.SendAsync($"POST /run/math/add HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary={Boundary}\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n{body[..length]}");
            client.Reset();
        }

        Assert.False(await HasRunAsync(faas));
    }

    [Fact]
    public async Task A_version_whose_runs_share_a_process_gets_no_files()
    {
        await using var faas = await FaasUnderTest.StartAsync(
            options: options => options with { Scripts = options.Scripts with { Isolation = Isolation.Shared } });
        using var response = await faas.PostAsync("/run/math/add", """{"files": [{"name": "a.csv", "text": ""}]}""");

        Assert.Contains("\"a.csv\"", await response.ProblemAsync(400, "malformed"), StringComparison.Ordinal);
        Assert.False(await HasRunAsync(faas));
    }

    [Fact]
    public async Task Files_that_do_not_fit_into_the_sandbox_are_refused_before_there_is_one()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(
            "/run-now", $$"""{"language": "python", "code": "1", "tmpSize": "64k", "files": [{"name": "a", "text": "{{new string('1', 61_441)}}"}]}""");
        using var fits = await faas.PostAsync(
            "/run-now", $$"""{"language": "python", "code": "1", "tmpSize": "64k", "files": [{"name": "a", "text": "{{new string('1', 61_440)}}"}]}""");

        Assert.Contains("69632 bytes of the sandbox's /tmp, which has 65536", await response.ProblemAsync(413, "too_large"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
    }

    [Fact]
    public async Task What_a_run_gives_back_stands_beside_its_data()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo with { Files = [Made("a \"b\".PNG", 4), Made("unknown.zz9", 0), Made("ä.csv", 1)] });
        using var response = await faas.PostAsync("/run-now", """{"language": "python", "code": "1", "stats": true}""");

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(Encoding.UTF8.GetByteCount(text), response.Content.Headers.ContentLength);
        Assert.StartsWith(
            """{"data":42,"type":"number","files":[{"name":"a \"b\".PNG","size":4,"mediaType":"image/png","base64":"AAECAw=="},{"name":"unknown.zz9","size":0,"mediaType":"application/octet-stream","base64":""},{"name":"ä.csv","size":1,"mediaType":"text/csv","base64":"AA=="}],"stats":{""",
            text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(49_151)]
    [InlineData(49_152)]
    [InlineData(49_153)]
    [InlineData(1_000_003)]
    public async Task Every_size_is_encoded_whole(int size)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        var file = Made("a", size);
        faas.EndWith(FaasUnderTest.FortyTwo with { Files = [file] });
        using var response = await faas.PostAsync("/run/math/add", "{}");

        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(file.Content.ToArray(), answer.RootElement.GetProperty("files")[0].GetProperty("base64").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("multipart/form-data", true)]
    [InlineData("multipart/form-data, */*;q=0.5", true)]
    [InlineData("*/*", false)]
    [InlineData("application/json, multipart/form-data;q=0.5", false)]
    [InlineData("multipart/form-data;q=0", false)]
    public async Task A_caller_that_wants_a_form_gets_one(string accept, bool isForm)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo with { Files = [Made("a \"b\".png", 100_000), Made("c.csv", 2)] });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/run/math/add") { Content = new StringContent("{}") };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await faas.Client.SendAsync(request);

        Assert.Equal(isForm ? "multipart/form-data" : "application/json", response.Content.Headers.ContentType!.MediaType);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (isForm)
        {
            var text = Encoding.Latin1.GetString(body);
            Assert.Contains(
                "\r\n\r\n{\"data\":42,\"type\":\"number\",\"files\":[{\"name\":\"a \\\"b\\\".png\",\"size\":100000,\"mediaType\":\"image/png\"},"
                + "{\"name\":\"c.csv\",\"size\":2,\"mediaType\":\"text/csv\"}]}\r\n--",
                text,
                StringComparison.Ordinal);
            Assert.Contains("filename=\"a %22b%22.png\"\r\nContent-Type: image/png\r\n\r\n\0\u0001\u0002", text, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\n\0\u0001\r\n--" + response.Content.Headers.ContentType.Parameters.Single().Value + "--\r\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stream_has_them_in_its_last_event()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(FaasUnderTest.FortyTwo with { Files = [Made("c.csv", 2)] });
        using var response = await faas.PostAsync("/run/math/add", """{"stream": true}""");

        Assert.Contains(
            """{"event":"result","data":42,"type":"number","files":[{"name":"c.csv","size":2,"mediaType":"text/csv","base64":"AAE="}],"stats":{""",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Beside_code_the_parts_of_a_tree_are_files_of_the_call_in_whatever_order_they_come(bool isCodeFirst)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var form = new MultipartFormDataContent { { new StringContent("python"), "language" } };
        if (isCodeFirst)
        {
            form.Add(new StringContent("1"), "code");
        }

        form.Add(new StringContent("one"), "sources", "a.txt");
        form.Add(new StringContent("two"), "archive", "b.zip");
        if (!isCodeFirst)
        {
            form.Add(new StringContent("1"), "code");
        }

        using var response = await faas.Client.PostAsync(new Uri("/run-now", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Null(run.Code.Tree);
        Assert.Equal(
            [("a.txt", "one"), ("b.zip", "two")],
            run.Files.Select(file => (file.Name, Encoding.UTF8.GetString(file.Content))));
    }

    [Fact]
    public async Task Without_code_they_are_the_source()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("import lib"), "sources", "main.py" }, { new StringContent("1"), "sources", "lib.py" },
            { new StringContent("x"), "files", "x.txt" }, { new StringContent("python"), "language" },
        };
        using var response = await faas.Client.PostAsync(new Uri("/run-now", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var run = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal(("main.py", 2, "x.txt"), (run.Code.Tree!.Entry, run.Code.Tree.Files.Count, Assert.Single(run.Files).Name));
    }

    private static string File(string name, string content) =>
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{content}\r\n";

    private static string Field(string name, string value) =>
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";

    private static RunFile Made(string name, int size)
    {
        var content = new ByteSegments();
        for (var at = 0; at < size; at += 1000)
        {
            content.Append([.. Enumerable.Range(at, Math.Min(1000, size - at)).Select(number => (byte)number)]);
        }

        return new RunFile(name, content.ToSequence());
    }

    // A call that is right comes after it; the first run that the pool hears of is then its.
    private static async Task<bool> HasRunAsync(FaasUnderTest faas)
    {
        using var response = await faas.PostAsync("/run-now", """{"language": "python", "code": "'the next'"}""");
        return (await faas.Pool.Next<SubmitRun>()).Run.Code.Source != "'the next'";
    }
}
