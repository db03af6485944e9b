using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Faas.Actors.Pool;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Tests.Testing;
using Xunit;

namespace Faas.Http.Tests.Api.Scripts;

public sealed class UploadTests
{
    private const string MathAdd = """{"path": "math/add", "language": "python", "code": "return event['a'] + event['b']"}""";

    [Fact]
    public async Task A_script_is_checked_in_a_sandbox_of_its_path_and_then_published()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(Reason.Ok) { Data = new ResultData("null"u8.ToArray(), DataType.Json) });
        using var response = await faas.PostAsync("/upload", MathAdd);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"path":"math/add","language":"python","version":1739000000}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("1739000000", response.Header("X-Script-Version"));

        var check = (await faas.Pool.Next<SubmitRun>()).Run;
        Assert.Equal((RunMode.Check, Isolation.Process, "math/add", false), (check.Mode, check.Isolation, check.Queue, check.Stream));
        var publish = await faas.Registry.Next<PublishVersion>();
        Assert.Equal(("math/add", CodeName.Of(check.Code)), (publish.Path, publish.Code));
    }

    [Fact]
    public async Task The_log_of_an_installation_streams_and_ends_with_the_answer()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(Reason.Ok) { Data = new ResultData("null"u8.ToArray(), DataType.Json) });
        using var response = await faas.PostAsync(
            "/upload", """{"path": "a", "language": "python", "code": "return 1", "dependencies": ["alpha", "beta"], "stream": true}""");

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(
            """
            id: 1
            data: {"event":"log","data":"installing alpha","type":"text"}

            id: 2
            data: {"event":"log","data":"installing beta","type":"text"}

            id: 3
            data: {"event":"result","data":{"path":"a","language":"python","version":1739000000},"type":"json"}


            """,
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_streamed_upload_that_fails_ends_with_the_problem_or_with_its_status_before_the_first_line()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(
            "/upload", """{"path": "a", "language": "python", "code": "return 1", "dependencies": ["missing"], "stream": true}""");

        var last = (await response.Content.ReadAsStringAsync()).Trim().Split('\n')[^1];
        Assert.StartsWith("""data: {"event":"error","data":"there is no missing""", last, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"dependencies\"", last, StringComparison.Ordinal);
        Assert.DoesNotContain("stats", last, StringComparison.Ordinal);

        using var early = await faas.PostAsync(
            "/upload", """{"path": "a", "language": "typescript", "code": "\n\nlet x @@", "stream": true}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, early.StatusCode);
        faas.EndWith(new Outcome(Reason.Ok) { Data = new ResultData("null"u8.ToArray(), DataType.Json) });
        using var quiet = await faas.PostAsync("/upload", """{"path": "a", "language": "python", "code": "return 2", "stream": true}""");
        Assert.StartsWith("id: 1\ndata: {\"event\":\"result\"", await quiet.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("1739000000", quiet.Header("X-Script-Version"));
    }

    [Fact]
    public async Task Several_files_are_one_code_however_they_come()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var json = await faas.PostAsync(
            "/upload",
            """
            {"path": "a", "language": "python", "entry": "main.py",
             "sources": [{"name": "main.py", "text": "import lib.b"}, {"name": "lib/b.py", "text": "1"}]}
            """);
        using var parts = new MultipartFormDataContent
        {
            { new StringContent("a"), "path" }, { new StringContent("python"), "language" },
            { new StringContent("import lib.b"), "sources", "main.py" }, { new StringContent("1"), "sources", "lib/b.py" },
        };
        using var form = await faas.Client.PostAsync(new Uri("/upload", UriKind.Relative), parts);
        using var packed = new MultipartFormDataContent
        {
            { new StringContent("a"), "path" }, { new StringContent("python"), "language" }, { new StringContent("main.py"), "entry" },
            { new ByteArrayContent(Zip(("lib/b.py", "1"), ("main.py", "import lib.b"))), "archive", "tree.zip" },
        };
        using var archive = await faas.Client.PostAsync(new Uri("/upload", UriKind.Relative), packed);

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK],
            new[] { json, form, archive }.Select(response => response.StatusCode));
        var first = await StoredAsync(faas);
        Assert.Equal(("import lib.b", "main.py", 2), (first.Source, first.Tree!.Entry, first.Tree.Files.Count));
        Assert.Equal(first.Hash, (await faas.Registry.Next<PublishVersion>()).Code.Hash);
        Assert.Equal(first.Hash, (await faas.Registry.Next<PublishVersion>()).Code.Hash);
    }

    [Fact]
    public async Task An_archive_that_leads_out_of_its_folder_is_refused_by_name()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var packed = new MultipartFormDataContent
        {
            { new StringContent("a"), "path" }, { new StringContent("python"), "language" },
            { new ByteArrayContent(Zip(("main.py", "1"), ("../evil.py", "1"))), "archive", "tree.zip" },
        };
        using var response = await faas.Client.PostAsync(new Uri("/upload", UriKind.Relative), packed);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            "It has a file \\\"../evil.py\\\": the name has the part", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_may_have_many_files_before_its_fields_and_one_archive()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var many = new MultipartFormDataContent();
        for (var file = 0; file < 200; file++)
        {
            many.Add(new StringContent("1"), "sources", $"{file}.txt");
        }

        many.Add(new StringContent("1"), "sources", "main.py");
        many.Add(new StringContent("a"), "path");
        many.Add(new StringContent("python"), "language");
        using var stored = await faas.Client.PostAsync(new Uri("/upload", UriKind.Relative), many);
        using var two = new MultipartFormDataContent
        {
            { new StringContent("a"), "path" }, { new StringContent("python"), "language" },
            { new ByteArrayContent(Zip(("main.py", "1"))), "archive", "a.zip" },
            { new ByteArrayContent(Zip(("b.py", "1"))), "archive", "b.zip" },
        };
        using var refused = await faas.Client.PostAsync(new Uri("/upload", UriKind.Relative), two);

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal(201, (await StoredAsync(faas)).Tree!.Files.Count);
        Assert.Equal("There are two parts \"archive\"; a script has one.", await refused.ProblemAsync(400, "malformed"));
    }

    [Theory]
    [InlineData("/upload", "\"path\": \"a\", ")]
    [InlineData("/run-now", "")]
    public async Task Several_files_of_javascript_have_no_image(string route, string path)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(
            route, "{" + path + """ "language": "javascript", "image": "web", "sources": [{"name": "main.js", "text": "return 1"}]}""");

        Assert.Equal(
            "\"image\" is \"web\", which JavaScript and TypeScript cannot have beside \"sources\"; "
            + "declare the libraries by \"dependencies\", or send a single text as \"code\".",
            await response.ProblemAsync(400, "malformed"));
    }

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }

    [Theory]
    [InlineData("null", null, Isolation.Process)]
    [InlineData("\"sandbox\"", Isolation.Sandbox, Isolation.Sandbox)]
    [InlineData("\"process\"", Isolation.Process, Isolation.Process)]
    [InlineData("\"shared\"", Isolation.Shared, Isolation.Sandbox)]
    public async Task What_its_calls_share_is_published_with_it_and_the_check_leaves_no_sandbox_that_no_call_can_use(
        string json, Isolation? published, Isolation check)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/upload", MathAdd.Replace("}", $", \"isolation\": {json}}}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(check, (await faas.Pool.Next<SubmitRun>()).Run.Isolation);
        Assert.Equal(published, (await faas.Registry.Next<PublishVersion>()).Settings.Isolation);
    }

    [Fact]
    public async Task How_many_calls_share_a_process_at_once_is_published_with_it()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(
            "/upload", MathAdd.Replace("}", ", \"isolation\": \"shared\", \"concurrency\": 8}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(new ScriptSettings(Isolation.Shared, Concurrency: 8), (await faas.Registry.Next<PublishVersion>()).Settings);
    }

    [Fact]
    public async Task That_every_caller_may_call_it_is_published_with_it()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/upload", MathAdd.Replace("}", ", \"public\": true}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(new ScriptSettings(Public: true), (await faas.Registry.Next<PublishVersion>()).Settings);
    }

    [Fact]
    public async Task The_settings_of_a_version_are_published_with_it_and_hold_for_its_check()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        const string members = """
            , "timeout": "1m", "env": {"REGION": "eu"}, "labels": {"team": "billing"}, "description": "Adds two numbers."}
            """;
        using var response = await faas.PostAsync("/upload", MathAdd.Replace("}", members, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("eu", (await faas.Pool.Next<SubmitRun>()).Run.Settings!.Env!.Entries.Single().Value);
        var settings = (await faas.Registry.Next<PublishVersion>()).Settings;
        Assert.Equal((TimeSpan.FromMinutes(1), "Adds two numbers."), (settings.Timeout, settings.Description));
        Assert.Equal("billing", settings.Labels!.Entries.Single().Value);
    }

    [Theory]
    [InlineData("\"minWarm\": 2", 2)]
    [InlineData("\"minWarm\": 0", 0)]
    [InlineData("\"minWarm\": null", 0)]
    public async Task The_pool_is_told_how_many_sandboxes_stay_bound_to_the_new_version(string member, int kept)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/upload", MathAdd.Replace("}", $", {member}}}", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null((await faas.Pool.Next<SubmitRun>()).Run.MinWarm);
        var run = (await faas.Pool.Next<KeepWarm>()).Run;
        Assert.Equal((kept, "math/add", 1_739_000_000L), (run.MinWarm!.Value, run.Queue, run.Version!.Value));
    }

    [Fact]
    public async Task No_sandbox_stays_warm_for_runs_that_share_none()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(
            "/upload", MathAdd.Replace("}", ", \"minWarm\": 1, \"isolation\": \"sandbox\"}", StringComparison.Ordinal));

        Assert.Equal(
            "\"minWarm\" is 1; with isolation \"sandbox\", 0 is allowed, because no sandbox serves two runs.",
            await response.ProblemAsync(400, "malformed"));
    }

    [Theory]
    [InlineData(10, "allowed are 10ms to 30s")] // a version without the setting has 30 s
    [InlineData(60, "allowed are 10ms to 60s")]
    public async Task A_timeout_above_the_operators_ceiling_is_refused(int ceiling, string allowed)
    {
        await using var faas = await FaasUnderTest.StartAsync(options: shipped => shipped with
        {
            Scripts = shipped.Scripts with { Ceilings = new SettingCeilings { Timeout = TimeSpan.FromSeconds(ceiling) } },
        });
        foreach (var route in (string[])["/upload", "/run-now"])
        {
            using var response = await faas.PostAsync(route, MathAdd.Replace("}", ", \"timeout\": 61}", StringComparison.Ordinal));
            Assert.Equal($"\"timeout\" is 61; {allowed} (faas.scripts.max-timeout).", await response.ProblemAsync(400, "malformed"));
        }
    }

    [Theory]
    [InlineData("\"concurrency\": 2", "\"concurrency\" is 2; with isolation \"process\", 1 is allowed. More needs \"shared\".")]
    [InlineData(
        "\"concurrency\": 2, \"isolation\": \"sandbox\"",
        "\"concurrency\" is 2; with isolation \"sandbox\", 1 is allowed. More needs \"shared\".")]
    [InlineData(
        "\"concurrency\": 101, \"isolation\": \"shared\"", "\"concurrency\" is 101; allowed are 1 to 100 (faas.scripts.max-concurrency).")]
    public async Task More_calls_at_once_than_a_version_may_have_are_refused(string members, string detail)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/upload", MathAdd.Replace("}", $", {members}}}", StringComparison.Ordinal));

        var problem = await response.ProblemAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task What_does_not_compile_is_not_published()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.EndWith(new Outcome(Reason.Syntax)
        {
            Detail = "SyntaxError: invalid syntax (line 2)",
            Error = new ScriptError("SyntaxError", "invalid syntax", Line: 2, Column: 5),
        });
        using var response = await faas.PostAsync("/upload", MathAdd);

        var problem = await response.ProblemAsync();
        Assert.Equal(422, (int)response.StatusCode);
        Assert.Equal("""{"reason":"syntax","line":2,"column":5}""", Members(problem, "reason", "line", "column"));
        Assert.Empty(faas.Registry.Rest().OfType<PublishVersion>());
    }

    [Theory]
    [InlineData("/upload")]
    [InlineData("/run-now")]
    public async Task What_the_compiler_refuses_never_reaches_a_sandbox(string route)
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync(route, """{"path": "a", "language": "typescript", "code": "\n\nlet x @@", "stream": true}""");

        var problem = await response.ProblemAsync();
        Assert.Equal(422, (int)response.StatusCode);
        Assert.Equal("""{"detail":"Unexpected \"@\"","reason":"syntax","name":"SyntaxError","line":3,"column":7}""", Members(problem, "detail", "reason", "name", "line", "column"));
        Assert.False(problem.TryGetProperty("logs", out _));
        Assert.Empty(faas.Pool.Rest());
    }

    [Fact]
    public async Task Code_and_settings_of_the_latest_version_are_answered_with_it()
    {
        const string same = """{"path": "math/add", "language": "python", "code": "return 42"}""";
        await using var faas = await FaasUnderTest.StartAsync();
        using var unchanged = await faas.PostAsync("/upload", same);
        using var forced = await faas.PostAsync("/upload", same.Replace("}", ", \"force\": true}", StringComparison.Ordinal));

        Assert.Equal(
            """{"path":"math/add","language":"python","version":1739000000,"unchanged":true}""",
            await unchanged.Content.ReadAsStringAsync());
        Assert.Equal("1739000000", unchanged.Header("X-Script-Version"));
        Assert.Equal("""{"path":"math/add","language":"python","version":1739000000}""", await forced.Content.ReadAsStringAsync());
        Assert.True(Assert.Single(faas.Registry.Rest().OfType<PublishVersion>()).Force);
        using var wrong = await faas.PostAsync("/upload", same.Replace("}", ", \"force\": 1}", StringComparison.Ordinal));
        Assert.Equal("\"force\" must be true or false, not a number.", await wrong.ProblemAsync(400, "malformed"));
    }

    [Fact]
    public async Task A_dry_run_is_checked_and_stores_nothing()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var dry = await faas.PostAsync(
            "/upload", """{"path": "math/add", "language": "python", "code": "return 43", "dryRun": true}""");

        Assert.Equal(
            """{"path":"math/add","language":"python","version":1739000000,"dryRun":true}""", await dry.Content.ReadAsStringAsync());
        Assert.Empty(faas.Registry.Rest().OfType<PublishVersion>());
        Assert.NotEmpty(faas.Pool.Rest());
    }

    [Fact]
    public async Task A_store_that_fails_publishes_nothing_and_says_so()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        faas.Registry.Answer = message =>
            message is PublishVersion publish ? new StoreUnavailable(publish.Path, "The disk is full.") : null;
        using var response = await faas.PostAsync("/upload", MathAdd);
        Assert.Equal("The disk is full.", await response.ProblemAsync(503, "store"));
    }

    [Fact]
    public async Task A_path_with_quotes_comes_back_as_json()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/upload", """{"path": "say \"é\"\\", "language": "python", "code": "1"}""");
        Assert.Equal("""{"path":"say \"é\"\\","language":"python","version":1739000000}""", await response.Content.ReadAsStringAsync());
    }

    private static async Task<ScriptCode> StoredAsync(FaasUnderTest faas)
    {
        var code = (await faas.Registry.Next<PublishVersion>()).Code;
        return (await faas.Store.GetAsync(code.Language, code.Hash, default))!;
    }

    private static string Members(JsonElement problem, params string[] names) =>
        $"{{{string.Join(',', names.Select(name => $"\"{name}\":{problem.GetProperty(name).GetRawText()}"))}}}";
}
