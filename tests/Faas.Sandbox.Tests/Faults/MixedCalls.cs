using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Faas.Sandbox.Tests.Faults;

/// <summary>
/// Calls of every kind, as often as their cost allows: each says who it is, and knows what its answer must be. All that
/// is random about them comes from the number that the caller draws.
/// </summary>
internal sealed class MixedCalls
{
    /// <summary>How many paths are uploaded to, over and over.</summary>
    public const int KeptPaths = 4;

    private const int Texts = 3;
    private const int Large = 300_000;

    private static readonly (string Path, string Language, string Isolation, string Code)[] s_scripts =
    [
        ("shared-py", "python", "shared", "return event['echo']"),
        ("shared-js", "javascript", "shared", "return event.echo"),
        ("py", "python", "process", "print(event)\nreturn event['echo']"),
        ("js", "javascript", "process", "console.log(event)\nreturn event.echo"),
        ("ts", "typescript", "process", "enum Is { Echo = 'echo' }\nreturn event[Is.Echo] as string"),
        ("fails", "javascript", "process", "throw new Error('no ' + event.echo)"),
        ("exits", "python", "process", "import os\nprint(event['echo'], flush=True)\nos._exit(3)"),
        (
            "leaves",
            "python",
            "process",
            "import subprocess\nopen('/tmp/left', 'w').close()\nsubprocess.Popen(['/bin/sleep', '600'], start_new_session=True)\nreturn event['echo']"),
        ("large", "python", "process", "print('x' * 100_000)\nreturn event['echo'] + event['load']"),
        ("walls", "python", "sandbox", "return event['echo']"),
    ];

    private readonly Kind[] _kinds;
    private readonly int _weights;

    /// <summary>Makes the kinds.</summary>
    public MixedCalls()
    {
        _kinds =
        [
            Run(1200, "shared-py"), Run(1200, "shared-js"), Run(60, "py"), Run(60, "js"), Run(30, "ts"), Run(10, "leaves"), Run(3, "walls"),
            new(30, "a stream of py", (echo, _) => ("/run/py", new { input = new { echo }, stream = true }), HttpStatusCode.OK, IsEcho),
            new(20, "a stream of js", (echo, _) => ("/run/js", new { input = new { echo }, stream = true }), HttpStatusCode.OK, IsEcho),
            new(15, "fails", Input("fails"), HttpStatusCode.InternalServerError, (echo, body) => body.GetProperty("reason").GetString() == "error"
                && body.GetProperty("message").GetString() == $"no {echo}"),
            new(10, "exits", Input("exits"), HttpStatusCode.InternalServerError, (echo, body) => body.GetProperty("reason").GetString() == "exit"
                && body.GetProperty("logs").GetString() == $"{echo}\n"),
            new(10, "large", (echo, _) => (
                "/run/large",
                new { input = new { echo, load = new string('y', Large) } }), HttpStatusCode.OK, (echo, body) => Data(body) is { } data
                && data.Length == echo.Length + Large
                && data.StartsWith(echo, StringComparison.Ordinal)),
            new(
                3,
                "run-now of js",
                (echo, _) => ("/run-now", new { language = "javascript", code = "return event.echo", input = new { echo } }),
                HttpStatusCode.OK,
                IsEcho),
            new(
                3,
                "run-now of python",
                (echo, _) => ("/run-now", new { language = "python", code = "return event['echo']", input = new { echo } }),
                HttpStatusCode.OK,
                IsEcho),
            new(
                2,
                "run-now of ts",
                (echo, _) =>
                    ("/run-now", new { language = "typescript", code = "const e: string = event.echo; return e", input = new { echo } }),
                HttpStatusCode.OK,
                IsEcho),
            new(5, "no script", (_, _) => ("/run/none", new { }), HttpStatusCode.NotFound, (_, _) => true),
            new(
                1,
                "bad upload",
                (_, _) => ("/upload", new { path = "bad", language = "python", code = "return (" }),
                HttpStatusCode.UnprocessableEntity,
                (_, body) => body.GetProperty("reason").GetString() == "syntax"),
            new(5, "upload", Upload, HttpStatusCode.OK, (_, _) => true),
        ];
        _weights = _kinds.Sum(kind => kind.Weight);
    }

    /// <summary>The versions whose uploads were acknowledged, and what they return.</summary>
    public ConcurrentDictionary<(string Path, long Version), int> Kept { get; } = [];

    /// <summary>Stores the scripts that are called.</summary>
    public static async Task PrepareAsync(FaasServer server)
    {
        foreach (var (path, language, isolation, code) in s_scripts)
        {
            var reply = await server.ReplyAsync("/upload", new { path, language, code, isolation });
            Assert.True(reply.Status == HttpStatusCode.OK, reply.ToString());
        }
    }

    /// <summary>Makes one call and looks at its answer. Throws what <see cref="HttpClient"/> does when there is none.</summary>
    /// <param name="server">Whom to call.</param>
    /// <param name="draw">Which call.</param>
    /// <param name="echo">Who it is; nobody else is.</param>
    public Task<Answer> CallAsync(FaasServer server, Random draw, string echo) => CallAsync(server, Draw(draw), draw, echo);

    /// <summary>The same of a kind that is not drawn.</summary>
    public Task<Answer> CallAsync(FaasServer server, string kind, string echo) =>
        CallAsync(server, _kinds.Single(one => one.Name == kind), new Random(0), echo);

    private async Task<Answer> CallAsync(FaasServer server, Kind kind, Random draw, string echo)
    {
        var (path, body) = kind.Ask(echo, draw);
        using var response = await server.PostAsync(path, body);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            return kind.Of(echo, await response.Content.ReadAsStringAsync());
        }

        var reply = await response.ReadAsync();
        if (response.StatusCode != kind.Status || !kind.IsRight(echo, reply))
        {
            return new Answer(
                kind.Name,
                reply.TryGetProperty("reason", out var reason) ? reason.GetString()! : "wrong",
                $"{echo}: {(int)response.StatusCode} {Short(reply.GetRawText())}");
        }

        if (path == "/upload" && response.StatusCode == HttpStatusCode.OK
            && !Kept.TryAdd((reply.GetProperty("path").GetString()!, reply.GetProperty("version").GetInt64()), ValueOf(body)))
        {
            return new Answer(kind.Name, "wrong", $"A version was given twice: {reply}");
        }

        return new Answer(kind.Name, "ok", "");
    }

    private static Kind Run(int weight, string path) => new(weight, path, Input(path), HttpStatusCode.OK, IsEcho);

    private static Func<string, Random, (string, object)> Input(string path) => (echo, _) => ($"/run/{path}", new { input = new { echo } });

    private static (string, object) Upload(string echo, Random draw) =>
        ("/upload", new Uploaded($"kept-{draw.Next(KeptPaths)}", "python", $"return {draw.Next(Texts)}"));

    private static int ValueOf(object body) => ((Uploaded)body).Code[^1] - '0';

    private static string? Data(JsonElement body) => body.TryGetProperty("data", out var data) ? data.GetString() : null;

    private static bool IsEcho(string echo, JsonElement body) => Data(body) == echo;

    private static string Short(string text) => text.Length > 300 ? text[..300] : text;

    private Kind Draw(Random draw)
    {
        var at = draw.Next(_weights);
        return _kinds.First(kind => (at -= kind.Weight) < 0);
    }

    private sealed record Uploaded(string Path, string Language, string Code, bool Force = true);

    private sealed record Kind(
        int Weight,
        string Name,
        Func<string,
        Random,
        (string Path, object Body)> Ask,
        HttpStatusCode Status,
        Func<string,
        JsonElement,
        bool> IsRight)
    {
        /// <summary>What a whole event stream says.</summary>
        public Answer Of(string echo, string stream)
        {
            var last = stream.Split('\n')
                .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
                .Select(line => JsonDocument.Parse(line[6..]).RootElement)
                .Where(message => message.GetProperty("event").GetString() is "result" or "error").ToList();
            return last switch
            {
                [var result] when result.GetProperty("event").GetString() == "result" && IsRight(echo, result) =>
                    new Answer(Name, "ok", ""),
                [var error] when error.GetProperty("event").GetString() == "error" =>
                    new Answer(Name, error.GetProperty("reason").GetString()!, $"{echo}: {Short(error.GetRawText())}"),
                _ => new Answer(Name, "wrong", $"{echo}: {Short(stream)}"),
            };
        }
    }
}

/// <summary>What came of one call.</summary>
/// <param name="Kind">Which call it was.</param>
/// <param name="Reason">`ok`: what it must be; `wrong`: another's, or none that can be; else the reason that the server gave.</param>
/// <param name="Text">What it was, when it is not ok.</param>
internal sealed record Answer(string Kind, string Reason, string Text);
