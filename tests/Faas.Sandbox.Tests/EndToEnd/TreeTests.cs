using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>Scripts of several files, through HTTP, esbuild and real sandboxes.</summary>
[Collection(nameof(SharedServer))]
public sealed class TreeTests(SharedServer shared)
{
    private FaasServer Server => shared.Server;

    [Theory]
    [InlineData("process")]
    [InlineData("sandbox")]
    [InlineData("shared")]
    public async Task A_version_of_several_files_runs_in_each_language_at_each_isolation(string isolation)
    {
        // A process that calls share stays, and other tests of the shared server want none.
        await using var own = isolation == "shared" ? await FaasServer.StartAsync() : null;
        var server = own ?? Server;
        foreach (var (language, files) in Trees())
        {
            var path = $"trees/{isolation}/{language}";
            var (entry, sources) = (EntryOf(files), Sources(files));
            using var upload = await server.PostAsync("/upload", new { path, language, isolation, entry, sources });
            var first = await upload.ReadAsync();
            Assert.True(upload.IsSuccessStatusCode, first.ToString());
            using var again = await server.PostAsync("/upload", new { path, language, isolation, entry, sources = sources.Reverse() });
            var second = await again.ReadAsync();

            Assert.Equal(first.GetProperty("version").GetInt64(), second.GetProperty("version").GetInt64());
            Assert.True(second.GetProperty("unchanged").GetBoolean());
            for (var call = 0; call < 2; call++)
            {
                var data = (await server.RunAsync(path, new { n = 21 })).Data;
                Assert.Equal("[42,\"kept\",\"text\"]", data.Replace(" ", "", StringComparison.Ordinal));
            }

            var now = await server.ReplyAsync("/run-now", new { language, input = new { n = 1 }, entry, sources });
            Assert.Equal(2, now.Body.GetProperty("data")[0].GetInt32());
        }

        if (own is not null)
        {
            await own.EndAsync();
        }
    }

    [Fact]
    public async Task A_tsconfig_may_ask_for_the_decorators_of_before_the_standard()
    {
        const string code = """
            function doubled(target: object, key: string, method: PropertyDescriptor) {
              const inner = method.value;
              method.value = function (n: number) { return 2 * inner.call(this, n); };
            }
            class Sums { @doubled plusOne(n: number) { return n + 1; } }
            return new Sums().plusOne(event.n);
            """;
        const string asks = """{"compilerOptions": {"experimentalDecorators": true}}""";
        var (language, input) = ("typescript", new { n = 20 });
        var sources = new[] { new { name = "main.ts", text = code }, new { name = "tsconfig.json", text = asks } };

        Assert.Equal("42", (await Server.ReplyAsync("/run-now", new { language, input, entry = "main.ts", sources })).Data);
        Assert.Equal("error", (await Server.RunNowAsync(language, code, input)).Reason);
    }

    [Theory]
    [InlineData("javascript", "main.js", "import './lib/bad.js'\nreturn 1", "lib/bad.js", "let x\nlet y = = 1", 2, 9)]
    [InlineData("javascript", "main.js", "return 1", "unused.ts", "let x: = 1", 1, 8)]
    [InlineData("javascript", "main.js", "\nimport x from 'lodash'\nreturn x", "a.js", "", 2, 15, "main.js")]
    [InlineData("javascript", "main.js", "import '../../usr/lib/os-release'", "a.js", "", 1, 8, "main.js")]
    [InlineData("typescript", "main.ts", "import { a } from './a.js'\nreturn a", "a.ts", "export const a: number = 1\nreturn 2", 2, 1)]
    [InlineData("python", "main.py", "return 1", "lib/bad.py", "x = 1\nif x\n  pass", 2, 5)]
    public async Task A_file_that_does_not_compile_is_named(
        string language, string entry, string text, string other, string otherText, int line, int column, string? wrong = null)
    {
        var reply = await Server.ReplyAsync("/upload", new
        {
            path = "trees/wrong", language, sources = new[] { new { name = entry, text }, new { name = other, text = otherText } },
        });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, reply.Status);
        Assert.Equal(
            (wrong ?? other, line, column),
            (reply.Body.GetProperty("file").GetString(), NumberIn(reply, "line"), NumberIn(reply, "column")));
    }

    [Fact]
    public async Task An_error_at_run_time_names_the_files_and_lines_of_the_tree()
    {
        var thrown = await Server.ReplyAsync("/run-now", new
        {
            language = "typescript",
            sources = new[]
            {
                new { name = "main.ts", text = "import { fail } from './lib/fail'\n\nreturn fail()" },
                new { name = "lib/fail.ts", text = "type A = string\n\nexport function fail(): A {\n  throw new TypeError('here')\n}\n" },
            },
        });

        var stack = thrown.Body.GetProperty("stack").GetString()!;
        Assert.Contains("at fail (lib/fail.ts:4:9)", stack, StringComparison.Ordinal);
        Assert.Contains("main.ts:3:", stack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_are_read_compared_and_moved()
    {
        const string path = "trees/moved";
        var main = ("main.py", "import a\nreturn a.A\n");
        var first = await VersionAsync(new { path, language = "python", sources = Sources(main, ("a.py", "A = 1\n")) });
        var second = await VersionAsync(new { path, language = "python", sources = Sources(main, ("a.py", "A = 2\n")) });
        var sources = await TextAsync($"/api/v1/scripts/trees%2Fmoved/versions/{first}/sources");
        Assert.Equal(
            $$"""{"version":{{first}},"entry":"main.py","sources":[{"name":"a.py","text":"A = 1\n"},{"name":"main.py","text":"import a\nreturn a.A\n"}]}""",
            sources);
        var diff = await TextAsync($"/api/v1/scripts/trees%2Fmoved/diff?from={first}&to={second}");
        Assert.Equal($"--- {path}/a.py?version={first}\n+++ {path}/a.py?version={second}\n@@ -1 +1 @@\n-A = 1\n+A = 2\n", diff);

        var archive = await TextAsync("/api/v1/export?prefix=trees%2Fmoved");
        using var content = new StringContent(archive);
        using var import = await Server.Client.PostAsync(new Uri("/api/v1/import?onto=copies", UriKind.Relative), content);
        var report = await import.ReadAsync();
        Assert.Equal(2, report.GetProperty("taken")[0].GetProperty("versions").GetInt32());
        Assert.Equal("1", (await Server.RunAsync($"copies/{path}?version={first}")).Data);
        Assert.Equal("2", (await Server.RunAsync($"copies/{path}")).Data);
    }

    private static int NumberIn(Reply reply, string name) => reply.Body.GetProperty(name).GetInt32();

    private static IEnumerable<(string Language, (string, string)[] Files)> Trees()
    {
        yield return ("javascript",
        [
            ("main.js", "import { twice } from './lib'\nimport kept from './data.json'\nconst { default: text } = await import('./note.txt')\n"
                + "const os = require('node:os')\nreturn [twice(event.n), kept.kept, os.EOL ? text : '']"),
            ("lib/index.js", "export { twice } from './math.js'\nexport const main = import.meta.main"),
            ("lib/math.js", "import * as all from './index.js'\nexport const twice = (x) => (all.main ? 0 : 2 * x)"),
            ("data.json", "{\"kept\": \"kept\"}"),
            ("note.txt", "text"),
        ]);
        yield return ("typescript",
        [
            ("src/main.ts", "import { twice } from './math.js'\nimport note from '../note.md' with { type: 'text' }\n"
                + "export default (event: { n: number }) => [twice(event.n), 'kept', note]"),
            ("src/math.ts", "export const twice = (x: number): number => 2 * x"),
            ("note.md", "text"),
        ]);
        yield return ("python",
        [
            ("main.py", "from lib import twice, note\ndef handler(event):\n    return [twice(event['n']), 'kept', note()]\n"),
            ("lib/__init__.py", "from .math import twice\nimport pkgutil\ndef note():\n    return pkgutil.get_data(__name__, 'note.txt').decode()\n"),
            ("lib/math.py", "def twice(x):\n    return 2 * x\n"),
            ("lib/note.txt", "text"),
        ]);
    }

    // Named where it is not in the folder of all.
    private static string? EntryOf((string Name, string)[] files) => files[0].Name.Contains('/') ? files[0].Name : null;

    private static IEnumerable<object> Sources(params (string Name, string Text)[] files) =>
        files.Select(file => new { name = file.Name, text = file.Text });

    private Task<string> TextAsync(string url) => Server.Client.GetStringAsync(new Uri(url, UriKind.Relative));

    private async Task<long> VersionAsync(object upload)
    {
        using var response = await Server.PostAsync("/upload", upload);
        var reply = await response.ReadAsync();
        Assert.True(response.IsSuccessStatusCode, reply.ToString());
        return reply.GetProperty("version").GetInt64();
    }
}
