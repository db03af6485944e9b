using System.Text;
using CsCheck;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Wire.Problems;
using Xunit;

namespace Faas.Http.Tests.Api.Calls;

public sealed class CallReaderTests
{
    private const int CodeMaxBytes = 100;

    [Fact]
    public void A_whole_upload_is_read()
    {
        var call = Read("""{"path": "math/add", "language": "python", "code": "return 1"}""", CallMembers.Upload);
        Assert.Equal(("math/add", Language.Python, "return 1"), (call.Path, call.Language, call.Code));
    }

    [Fact]
    public void Sources_are_a_tree_whose_entry_is_the_code()
    {
        var call = Read(
            """
            {"language": "python", "path": "a", "sources": [{"name": "main.py", "text": "import b"}, {"name": "b.bin", "base64": "AP8="}]}
            """,
            CallMembers.Upload);

        Assert.Equal(("import b", "main.py", 2), (call.Code, call.Tree!.Entry, call.Tree.Files.Count));
        Assert.Equal([0, 255], call.Tree.Find("b.bin")!.Content.ToArray());
        Assert.Equal("b.py", Read(Sources("\"b.py\"", "main.py", "b.py"), CallMembers.Upload).Tree!.Entry);
    }

    [Theory]
    [InlineData("null", "\"entry\" is missing. The entry is unclear; name it: \"index.py\", \"main.py\".", "index.py", "main.py")]
    [InlineData("\"x.py\"", "\"entry\" is \"x.py\". There is no file \"x.py\"; those that can be the entry are \"main.py\".", "main.py")]
    [InlineData("null", "\"sources\" has no file.")]
    [InlineData("null", "\"sources\" is no tree of files. The file \"main.py\" is there twice.", "main.py", "main.py")]
    [InlineData(
        "null", "\"sources\" has a file \"../x.py\": the name has the part \"..\"; it must be a path below the tree's folder.", "../x.py")]
    public void Sources_that_are_no_tree_are_refused(string entry, string detail, params string[] names) => Assert.Equal(
        detail, Assert.Throws<ProblemException>(() => Read(Sources(entry, names), CallMembers.Upload)).Problem.Detail);

    [Theory]
    [InlineData("\"code\": \"1\", \"sources\": []", "There are both \"code\" and \"sources\"; a script has one of them.")]
    [InlineData("\"code\": \"1\", \"entry\": \"a\"", "\"entry\" is for \"sources\"; \"code\" is a single text.")]
    [InlineData("\"entry\": \"a\"", "\"code\" is missing.")]
    [InlineData("\"sources\": {}", "\"sources\" must be an array of objects, not an object.")]
    [InlineData("\"sources\": [{\"name\": \"main.py\", \"text\": \" \"}]", "The entry \"main.py\" is empty.")]
    public void A_script_has_code_or_sources(string members, string detail) => Assert.Equal(
        detail,
        Assert.Throws<ProblemException>(
            () => Read($$"""{"path": "a", "language": "python", {{members}}}""", CallMembers.Upload)).Problem.Detail);

    [Fact]
    public void Sources_are_bounded_together()
    {
        var problem = Assert.Throws<ProblemException>(() => Read(
            $$"""{"path": "a", "language": "python", "sources": [{"name": "main.py", "text": "1"}, {"name": "b", "text": "{{new string('x', CodeMaxBytes)}}"}]}""",
            CallMembers.Upload)).Problem;

        Assert.Equal(413, problem.Status);
        Assert.Equal(
            $"The files of \"sources\" have more than {CodeMaxBytes} bytes, up to \"b\"; allowed are {CodeMaxBytes} (faas.http.code-max-size).",
            problem.Detail);
    }

    private static string Sources(string entry, params string[] names) => $$"""
        {"path": "a", "language": "python", "entry": {{entry}},
         "sources": [{{string.Join(", ", names.Select(name => $$"""{"name": "{{name}}", "text": "1"}"""))}}]}
        """;

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"input": ""}""", "{}")]
    [InlineData("""{"input": " \n\t"}""", "{}")]
    [InlineData("""{"input": null}""", "null")]
    [InlineData("""{"input": {"a": 3,  "b": [1, 2]}}""", """{"a": 3,  "b": [1, 2]}""")]
    [InlineData("""{"input": "{\"a\": 3}"}""", """{"a": 3}""")]
    [InlineData("""{"input": "\"quoted\""}""", "\"quoted\"")]
    [InlineData("""{"input": 12.50e1}""", "12.50e1")]
    [InlineData("""{"input": [true, "\ud800"], "stream": false}""", """[true, "\ud800"]""")]
    [InlineData("""{"input": false}""", "false")]
    [InlineData("\uFEFF{\"input\": 1}", "1")]
    public void The_input_is_forwarded_as_it_was_written(string body, string input) =>
        Assert.Equal(input, Encoding.UTF8.GetString(Read(body, CallMembers.Run).Input.Span));

    [Theory]
    [InlineData("""{"stream": true}""", true)]
    [InlineData("""{"stream": false}""", false)]
    [InlineData("""{"stream": null}""", false)]
    [InlineData("""{"str\u0065am": true}""", true)]
    [InlineData("{}", false)]
    public void Streaming_is_asked_for_by_a_boolean(string body, bool stream) => Assert.Equal(stream, Read(body, CallMembers.Run).Stream);

    [Fact]
    public void Members_that_the_route_does_not_have_are_ignored_whatever_they_are()
    {
        var call = Read("""{"name": "x", "code": 5, "language": [], "": {"input": 1}, "name": 2, "input": 7}""", CallMembers.Run);
        Assert.Equal("7", Encoding.UTF8.GetString(call.Input.Span));
    }

    [Theory]
    [InlineData("", "The body is empty; it must be a JSON object.")]
    [InlineData("[1]", "The body must be a JSON object, not an array.")]
    [InlineData("\"x\"", "The body must be a JSON object, not a string.")]
    [InlineData("null", "The body must be a JSON object, not null.")]
    [InlineData("{", "The body is not valid JSON at line 1, byte 2.")]
    [InlineData("{\"a\":1}\n x", "The body is not valid JSON at line 2, byte 2.")]
    [InlineData("{\"a\":1,}", "The body is not valid JSON at line 1, byte 8.")]
    [InlineData("{'a':1}", "The body is not valid JSON at line 1, byte 2.")]
    [InlineData("{} {}", "The body is not valid JSON at line 1, byte 4.")]
    [InlineData("{/* */}", "The body is not valid JSON at line 1, byte 2.")]
    [InlineData("{}", "\"language\" is missing.")]
    [InlineData("""{"language": null, "code": "1"}""", "\"language\" is missing.")]
    [InlineData("""{"language": "python"}""", "\"code\" is missing.")]
    [InlineData("""{"language": "python", "code": null}""", "\"code\" is missing.")]
    [InlineData("""{"language": "ruby", "code": "1"}""", "\"language\" is \"ruby\"; allowed are javascript, typescript, python.")]
    [InlineData("""{"language": "Python", "code": "1"}""", "\"language\" is \"Python\"; allowed are javascript, typescript, python.")]
    [InlineData("""{"language": 1, "code": "1"}""", "\"language\" must be a string, not a number.")]
    [InlineData("""{"language": "python", "code": {"a": 1}}""", "\"code\" must be a string, not an object.")]
    [InlineData("""{"language": "python", "code": ["1"]}""", "\"code\" must be a string, not an array.")]
    [InlineData("""{"language": "python", "code": true}""", "\"code\" must be a string, not a boolean.")]
    [InlineData("""{"language": "python", "code": " \n"}""", "\"code\" is empty.")]
    [InlineData("""{"language": "python", "code": "a\u0000b"}""", "\"code\" contains a NUL character.")]
    [InlineData("""{"language": "python", "code": "a\ud800b"}""", "\"code\" contains half of a surrogate pair.")]
    [InlineData("""{"language": "python", "code": "1", "stream": "true"}""", "\"stream\" must be true or false, not a string.")]
    [InlineData("""{"language": "python", "code": "1", "stream": 1}""", "\"stream\" must be true or false, not a number.")]
    [InlineData("""{"language": "python", "code": "1", "stats": "yes"}""", "\"stats\" must be true or false, not a string.")]
    [InlineData("""{"language": "python", "code": "1", "code": "2"}""", "\"code\" appears twice.")]
    [InlineData("""{"language": "python", "code": "1", "input": "not json"}""", "\"input\" is a string, so its text must be JSON, nested at most 512 levels deep.")]
    [InlineData("""{"language": "python", "code": "1", "input": "[1, 2"}""", "\"input\" is a string, so its text must be JSON, nested at most 512 levels deep.")]
    [InlineData("""{"language": "python", "code": "1", "input": "\ud800"}""", "\"input\" contains half of a surrogate pair.")]
    public void A_wrong_body_is_refused_by_the_name_of_what_is_wrong(string body, string detail)
    {
        var problem = Assert.Throws<ProblemException>(() => Read(body, CallMembers.RunNow)).Problem;
        Assert.Equal((400, "malformed", detail), (problem.Status, problem.Reason, problem.Detail));
    }

    [Theory]
    [InlineData("""{"language": "python", "code": "1", "path": "a", "isolation": "vm"}""", "\"isolation\" is \"vm\"; allowed are sandbox, process, shared.")]
    [InlineData("""{"language": "python", "code": "1", "path": "a", "isolation": 1}""", "\"isolation\" must be a string, not a number.")]
    [InlineData("""{"language": "python", "code": "1", "path": "a", "concurrency": "2"}""", "\"concurrency\" must be a number, not a string.")]
    [InlineData("""{"language": "python", "code": "1", "path": "a", "concurrency": 1.5}""", "\"concurrency\" is 1.5; allowed are whole numbers from 1 on.")]
    [InlineData("""{"language": "python", "code": "1", "path": "a", "concurrency": 0}""", "\"concurrency\" is 0; allowed are whole numbers from 1 on.")]
    public void An_isolation_is_one_of_three_words_and_a_concurrency_a_whole_number(string body, string detail) =>
        Assert.Equal(detail, Assert.Throws<ProblemException>(() => Read(body, CallMembers.Upload)).Problem.Detail);

    [Theory]
    [InlineData("\"timeout\": 2.5, \"description\": \"Adds.\\nTwo numbers.\"")]
    [InlineData("\"timeout\": \"2500ms\", \"description\": \"Adds.\\nTwo numbers.\"")]
    public void Settings_of_a_version_are_read(string members)
    {
        var settings = Read(Upload(members + ", \"env\": {\"B\": \"\", \"A\": \"1\"}, \"labels\": {\"team/x\": \"a\"}"), CallMembers.Upload).Settings;

        Assert.Equal((TimeSpan.FromSeconds(2.5), "Adds.\nTwo numbers."), (settings.Timeout, settings.Description));
        Assert.Equal(NamedTexts.Of([KeyValuePair.Create("A", "1"), KeyValuePair.Create("B", "")]), settings.Env);
        Assert.Equal(NamedTexts.Of([KeyValuePair.Create("team/x", "a")]), settings.Labels);
    }

    [Theory]
    [InlineData("\"memory\": 268435456, \"tmpSize\": 1048576")]
    [InlineData("\"memory\": \"256M\", \"tmpSize\": \"1 MiB\"")]
    public void Limits_of_a_sandbox_are_read(string members)
    {
        var settings = Read(Upload(members + ", \"cpus\": 0.5, \"pids\": 16"), CallMembers.Upload).Settings;

        Assert.Equal((256L << 20, 1L << 20), (settings.MemoryBytes!.Value, settings.TmpBytes!.Value));
        Assert.Equal((0.5, 16), (settings.Cpus!.Value, settings.Pids!.Value));
    }

    [Fact]
    public void Settings_that_are_null_or_empty_are_none() =>
        Assert.Equal(
            ScriptSettings.Default,
            Read(Upload("\"timeout\": null, \"env\": {}, \"labels\": {}, \"description\": null"), CallMembers.Upload).Settings);

    [Theory]
    [InlineData("\"timeout\": true", "\"timeout\" must be a number of seconds, or a text with a unit (ms, s, m, h), not a boolean.")]
    [InlineData("\"timeout\": \"1 day\"", "\"timeout\" is \"1 day\"; allowed are a number of seconds, or a text with a unit (ms, s, m, h).")]
    [InlineData("\"timeout\": \"5s\\n\"", "\"timeout\" is \"5s\n\"; allowed are a number of seconds, or a text with a unit (ms, s, m, h).")]
    [InlineData("\"timeout\": \"\"", "\"timeout\" is \"\"; allowed are a number of seconds, or a text with a unit (ms, s, m, h).")]
    [InlineData("\"timeout\": -1", "\"timeout\" is -1; allowed are 10ms to 900s (faas.scripts.max-timeout).")]
    [InlineData("\"timeout\": 0", "\"timeout\" is 0; allowed are 10ms to 900s (faas.scripts.max-timeout).")]
    [InlineData("\"timeout\": 0.009", "\"timeout\" is 0.009; allowed are 10ms to 900s (faas.scripts.max-timeout).")]
    [InlineData("\"timeout\": 901", "\"timeout\" is 901; allowed are 10ms to 900s (faas.scripts.max-timeout).")]
    [InlineData("\"timeout\": 1e999", "\"timeout\" is 1e999; allowed are 10ms to 900s (faas.scripts.max-timeout).")]
    [InlineData("\"timeout\": \"999999999h\"", "\"timeout\" is \"999999999h\"; allowed are 10ms to 900s (faas.scripts.max-timeout).")]
    [InlineData("\"memory\": []", "\"memory\" must be a number of bytes, or a text with a unit (k, M, G), not an array.")]
    [InlineData("\"memory\": \"much\"", "\"memory\" is \"much\"; allowed are a number of bytes, or a text with a unit (k, M, G).")]
    [InlineData("\"memory\": \"31M\"", "\"memory\" is \"31M\"; allowed are 32M to 1G (faas.scripts.max-memory).")]
    [InlineData("\"memory\": 1073741825", "\"memory\" is 1073741825; allowed are 32M to 1G (faas.scripts.max-memory).")]
    [InlineData("\"memory\": \"999999999999999T\"", "\"memory\" is \"999999999999999T\"; allowed are 32M to 1G (faas.scripts.max-memory).")]
    [InlineData("\"memory\": 1e400", "\"memory\" is 1e400; allowed are 32M to 1G (faas.scripts.max-memory).")]
    [InlineData("\"memory\": -1", "\"memory\" is -1; allowed are 32M to 1G (faas.scripts.max-memory).")]
    [InlineData("\"image\": \"Data\"", "\"image\" is \"Data\"; a name has 1 to 40 letters, digits and -, in lower case, and a letter at its beginning.")]
    [InlineData("\"tmpSize\": \"257M\"", "\"tmpSize\" is \"257M\"; allowed are 64k to 256M (faas.scripts.max-tmp-size).")]
    [InlineData("\"tmpSize\": true", "\"tmpSize\" must be a number of bytes, or a text with a unit (k, M, G), not a boolean.")]
    [InlineData("\"cpus\": \"2\"", "\"cpus\" must be a number, not a string.")]
    [InlineData("\"cpus\": 0", "\"cpus\" is 0; allowed are 0.01 to 4 (faas.scripts.max-cpus).")]
    [InlineData("\"cpus\": 4.01", "\"cpus\" is 4.01; allowed are 0.01 to 4 (faas.scripts.max-cpus).")]
    [InlineData("\"pids\": 7", "\"pids\" is 7; allowed are 8 to 256 (faas.scripts.max-pids).")]
    [InlineData("\"pids\": 257", "\"pids\" is 257; allowed are 8 to 256 (faas.scripts.max-pids).")]
    [InlineData("\"minWarm\": 5", "\"minWarm\" is 5; allowed are 0 to 4 (faas.scripts.max-min-warm).")]
    [InlineData("\"minWarm\": -1", "\"minWarm\" is -1; allowed are whole numbers from 0 on.")]
    [InlineData("\"keep\": 1", "\"keep\" must be true or false, not a number.")]
    [InlineData("\"retention\": 5", "\"retention\" must be an object with \"count\", \"age\" or both, not a number.")]
    [InlineData("\"retention\": {}", "\"retention\" has neither \"count\" nor \"age\".")]
    [InlineData("\"retention\": {\"days\": 1}", "\"retention\" has \"days\"; allowed are \"count\" and \"age\".")]
    [InlineData("\"retention\": {\"count\": 0}", "\"retention\" has 0 as \"count\"; allowed are 1 to 1000000.")]
    [InlineData("\"retention\": {\"count\": 1.5}", "\"retention.count\" is 1.5; allowed are whole numbers from 1 to 1000000.")]
    [InlineData("\"retention\": {\"count\": 1, \"count\": 2}", "\"retention\" has \"count\" twice.")]
    [InlineData("\"retention\": {\"age\": \"366d\"}", "\"retention\" has 31622400s as \"age\"; allowed are 1s to 365d.")]
    [InlineData(
        "\"retention\": {\"age\": \"soon\"}",
        "\"retention.age\" is \"soon\"; allowed are a number of seconds, or a text with a unit (s, m, h, d).")]
    [InlineData("\"minWarm\": true", "\"minWarm\" must be a number, not a boolean.")]
    [InlineData("\"pids\": 16.5", "\"pids\" is 16.5; allowed are whole numbers from 1 on.")]
    [InlineData("\"retry\": 3", "\"retry\" must be an object with \"attempts\", not a number.")]
    [InlineData("\"retry\": {}", "\"retry\" lacks \"attempts\".")]
    [InlineData("\"retry\": {\"attempts\": 1}", "\"retry\" has 1 \"attempts\"; allowed are 2 to 10.")]
    [InlineData("\"retry\": {\"attempts\": 11}", "\"retry\" has 11 \"attempts\"; allowed are 2 to 10.")]
    [InlineData("\"retry\": {\"attempts\": \"2\"}", "\"retry.attempts\" must be a whole number from 2 to 10.")]
    [InlineData("\"retry\": {\"attempts\": 2, \"attempts\": 2}", "\"retry\" has \"attempts\" twice.")]
    [InlineData("\"retry\": {\"times\": 2}", "\"retry\" has \"times\"; allowed are attempts, on, delay, maxDelay.")]
    [InlineData("\"retry\": {\"attempts\": 2, \"on\": []}", "\"retry.on\" is empty; allowed are error, dependencies, exit, signal, oom, timeout, output_limit, sandbox.")]
    [InlineData("\"retry\": {\"attempts\": 2, \"on\": [\"syntax\"]}", "\"retry.on\" has \"syntax\"; allowed are error, dependencies, exit, signal, oom, timeout, output_limit, sandbox.")]
    [InlineData("\"retry\": {\"attempts\": 2, \"on\": \"oom\"}", "\"retry.on\" must be an array of strings, not a string.")]
    [InlineData("\"retry\": {\"attempts\": 2, \"delay\": \"soon\"}", "\"retry.delay\" is \"soon\"; allowed are a number of seconds, or a text with a unit (ms, s, m, h).")]
    [InlineData("\"retry\": {\"attempts\": 2, \"delay\": \"25h\"}", "\"retry\" has the \"delay\" 90000s; allowed are 0ms to 86400s.")]
    [InlineData("\"retry\": {\"attempts\": 2, \"delay\": 2, \"maxDelay\": 1}", "\"retry\" has the \"delay\" 2s; allowed is at most its \"maxDelay\", 1s.")]
    [InlineData("\"env\": []", "\"env\" must be an object of strings, not an array.")]
    [InlineData("\"env\": {\"A\": 1}", "\"env\" must be an object of strings; \"A\" is a number.")]
    [InlineData("\"env\": {\"A\": {\"B\": \"\"}}", "\"env\" must be an object of strings; \"A\" is an object.")]
    [InlineData("\"env\": {\"A\": \"\", \"A\": \"\"}", "\"env\" has \"A\" twice.")]
    [InlineData("\"env\": {\"A\": \"\\ud800\"}", "\"env\" contains half of a surrogate pair.")]
    [InlineData("\"env\": {\"A-B\": \"\"}", "\"env\" names \"A-B\"; a name has 1 to 128 letters, digits and _, and no digit at its beginning.")]
    [InlineData("\"env\": {\"\": \"\"}", "\"env\" names \"\"; a name has 1 to 128 letters, digits and _, and no digit at its beginning.")]
    [InlineData("\"env\": {\"FAAS_KEY\": \"\"}", "\"env\" names \"FAAS_KEY\"; names that begin with FAAS_ belong to the server.")]
    [InlineData("\"env\": {\"A\": \"\\u0000\"}", "\"env\" has a NUL character in \"A\".")]
    [InlineData("\"labels\": \"a\"", "\"labels\" must be an object of strings, not a string.")]
    [InlineData("\"labels\": {\"-a\": \"\"}", "\"labels\" names \"-a\"; a name has 1 to 63 letters, digits and -._/, and begins and ends with a letter or a digit.")]
    [InlineData("\"labels\": {\"a\": \"\\n\"}", "\"labels\" has a control character in \"a\".")]
    [InlineData("\"description\": 1", "\"description\" must be a string, not a number.")]
    [InlineData("\"description\": \"\\u0007\"", "\"description\" has a control character; allowed are those that end a line, and tabs.")]
    public void A_wrong_setting_is_refused_with_what_is_allowed(string member, string detail) =>
        Assert.Equal(detail, Assert.Throws<ProblemException>(() => Read(Upload(member), CallMembers.Upload)).Problem.Detail);

    [Fact]
    public void A_policy_is_read_with_units_and_without()
    {
        var call = Read(
            Upload("\"retry\": {\"attempts\": 4, \"on\": [\"timeout\", \"oom\", \"oom\"], \"delay\": \"250ms\", \"maxDelay\": 60}"),
            CallMembers.Upload);
        var policy = new RetryPolicy(4)
        {
            On = RetryReasons.Of([RetryReason.Oom, RetryReason.Timeout]),
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromMinutes(1),
        };
        Assert.Equal(policy, call.Settings.Retry);
        Assert.Equal(new RetryPolicy(2), Read(Upload("\"retry\": {\"attempts\": 2}"), CallMembers.Upload).Settings.Retry);
        Assert.Null(Read(Upload("\"retry\": null"), CallMembers.Upload).Settings.Retry);
    }

    [Theory]
    [InlineData("env", 40_000, "\"env\" has 40001 bytes of names and values; allowed are 32768.")]
    [InlineData("labels", 5_000_000, "\"labels\" has 5000000 bytes in \"A\"; allowed are 256.")]
    public void Texts_are_bounded(string member, int bytes, string detail) => Assert.Equal(
        detail,
        Assert.Throws<ProblemException>(
            () => Read(Upload($"\"{member}\": {{\"A\": \"{new string('x', bytes)}\"}}"), CallMembers.Upload)).Problem.Detail);

    [Theory]
    [InlineData("env", 100, null)]
    [InlineData("env", 101, "\"env\" has 101 variables; allowed are 100.")]
    [InlineData("labels", 51, "\"labels\" has 51 labels; allowed are 50.")]
    public void Their_number_is_bounded(string member, int count, string? detail)
    {
        var texts = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"A{i}\": \"\""));
        var body = Upload($"\"{member}\": {{{texts}}}");

        Assert.Equal(detail, detail is null
            ? Read(body, CallMembers.Upload).Settings.Env!.Entries.Count == count ? null : "another number"
            : Assert.Throws<ProblemException>(() => Read(body, CallMembers.Upload)).Problem.Detail);
    }

    [Fact]
    public void A_description_is_bounded() => Assert.Equal(
        "\"description\" has 4098 bytes; allowed are 4096.",
        Assert.Throws<ProblemException>(
            () => Read(Upload($"\"description\": \"{new string('ä', 2049)}\""), CallMembers.Upload)).Problem.Detail);

    private static string Upload(string members) => $$"""{"path": "a", "language": "python", "code": "1", {{members}}}""";

    [Theory]
    [InlineData("", "\"path\" must not be empty.")]
    [InlineData("a/../b", "\"path\" must not contain \".\" or \"..\" segments.")]
    [InlineData("/a", "\"path\" must not contain empty segments, nor start or end with a slash.")]
    [InlineData("a\\u0000b", "\"path\" must not contain control characters.")]
    [InlineData("a\\nb", "\"path\" must not contain control characters.")]
    public void A_wrong_path_is_refused(string path, string detail)
    {
        var body = $$"""{"path": "{{path}}", "language": "python", "code": "1"}""";
        Assert.Equal(detail, Assert.Throws<ProblemException>(() => Read(body, CallMembers.Upload)).Problem.Detail);
    }

    [Theory]
    [InlineData(CodeMaxBytes / 2, true)]
    [InlineData((CodeMaxBytes / 2) + 1, false)]
    public void Code_is_measured_in_bytes_of_utf8_however_it_was_escaped(int characters, bool fits)
    {
        var body = $$"""{"language": "python", "code": "{{string.Concat(Enumerable.Repeat("\\u00e9", characters))}}"}""";
        if (fits)
        {
            Assert.Equal(characters, Read(body, CallMembers.RunNow).Code.Length);
        }
        else
        {
            var problem = Assert.Throws<ProblemException>(() => Read(body, CallMembers.RunNow)).Problem;
            Assert.Equal((413, $"\"code\" has {CodeMaxBytes + 2} bytes; allowed are {CodeMaxBytes}."), (problem.Status, problem.Detail));
        }
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        byte[] body = [.. "{\"input\": \""u8, 0xC3, .. "\"}"u8];
        Assert.Equal(
            "The body is not valid UTF-8.",
            Assert.Throws<ProblemException>(() => CallReader.Read(body, CallMembers.Run, CodeMaxBytes)).Problem.Detail);
    }

    [Fact]
    public void An_input_as_deep_as_the_body_is_long_is_refused() =>
        Assert.Equal(
            "\"input\" is nested deeper than 512 levels.",
            Assert.Throws<ProblemException>(() => Read($"{{\"input\": {Deep(100_000)}}}", CallMembers.Run)).Problem.Detail);

    [Fact]
    public void A_member_that_is_ignored_may_be_as_deep_as_it_likes() => Read($"{{\"ignored\": {Deep(100_000)}}}", CallMembers.Run);

    [Fact]
    public void An_input_nested_to_the_limit_is_taken() => Read($"{{\"input\": {Deep(Run.MaxInputDepth)}}}", CallMembers.Run);

    [Fact]
    public void An_input_larger_than_a_frame_is_too_large()
    {
        var body = "{\"input\": [" + new string('1', Run.MaxInputBytes) + "]}";
        Assert.Equal(413, Assert.Throws<ProblemException>(() => Read(body, CallMembers.Run)).Problem.Status);
    }

    [Fact]
    public void No_bytes_make_the_reader_fail_otherwise() => Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.OneOf(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"path\"",
            "\"code\"",
            "\"c\\u006fde\"",
            "\"\\ud800\"",
            "\"language\"",
            "\"python\"",
            "\"input\"",
            "\"stream\"",
            "true",
            "null",
            "1e5",
            "\"[1]\"",
            " ",
            "\"\\u0000\"",
            "\uFEFF",
            "/")
            .Array[0, 20].Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces)))).Sample(body =>
    {
        foreach (var members in new[] { CallMembers.Upload, CallMembers.Run, CallMembers.RunNow })
        {
            try
            {
                Assert.True(JsonScan.IsValue(CallReader.Read(body, members, CodeMaxBytes).Input.Span, Run.MaxInputDepth, out _));
            }
            catch (ProblemException refused)
            {
                Assert.InRange(refused.Problem.Status, 400, 499);
            }
        }
    }, iter: 20_000);

    private static string Deep(int levels) => new string('[', levels) + new string(']', levels);

    private static CallRequest Read(string body, CallMembers members) =>
        CallReader.Read(Encoding.UTF8.GetBytes(body), members, CodeMaxBytes);
}
