using System.Net;

namespace Faas.Sandbox.Tests.EndToEnd;

/// <summary>What a script may contain, in each language, through HTTP and real sandboxes.</summary>
[Collection(nameof(SharedServer))]
public sealed class LanguageTests(SharedServer shared)
{
    private FaasServer Server => shared.Server;

    [Theory]
    [InlineData("javascript", "console.log('{\"forged\":true}'); return {real: 1}", """{"real":1}""", "json")]
    [InlineData("typescript", "console.log('{\"forged\":true}'); return {real: 1}", """{"real":1}""", "json")]
    [InlineData("python", "print('{\"forged\": true}')\nreturn {'real': 1}", """{"real":1}""", "json")]
    public async Task A_script_that_prints_json_still_returns_its_value(string language, string code, string data, string type)
    {
        var reply = await Server.RunNowAsync(language, code);

        Assert.Equal((data, type), (reply.Data, reply.Type));
    }

    [Theory]
    [InlineData("javascript", "return require('fs').existsSync('/')", "true")]
    [InlineData("javascript", "const p = await import('node:path'); return p.join('a', 'b')", "\"a/b\"")]
    [InlineData(
        "javascript",
        "import { join as j } from 'node:path';\nimport fs from 'fs';\nreturn [j('a', 'b'), typeof fs.readFileSync]",
        "[\"a/b\",\"function\"]")]
    [InlineData("javascript", "return await new Promise(done => setTimeout(() => done(event.n + 1), 5))", "2")]
    [InlineData("javascript", "setTimeout(() => console.log('late'), 20)", "\"late\"")]
    [InlineData("javascript", "return input === event", "true")]
    [InlineData("typescript", "enum Colour { Red, Green = 5 }\nreturn Colour.Green", "5")]
    [InlineData("typescript", "namespace N { export const x: number = 7 }\nreturn N.x", "7")]
    [InlineData(
        "typescript",
        "import { join } from 'node:path';\nimport type { Stats } from 'node:fs';\nconst s: Stats | null = null;\nreturn await Promise.resolve(join('a', String(s)))",
        "\"a/null\"")]
    [InlineData("typescript", "class P { constructor(private x: number) {} get() { return this.x } }\nreturn new P(event.n).get()", "1")]
    [InlineData("python", "from math import *\nreturn floor(pi)", "3")]
    [InlineData("python", "text = '''a\n  b\nc'''\nreturn text", "\"a\\n  b\\nc\"")]
    [InlineData("python", "import asyncio\nawait asyncio.sleep(0.01)\nreturn event['n']", "1")]
    [InlineData("python", "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)\nreturn even(10)", "true")]
    [InlineData("python", "k = 2\nreturn [k * i for i in range(3)]", "[0,2,4]")]
    [InlineData(
        "python",
        "counter = 0\ndef up():\n    global counter\n    counter += 1\nup()\nif __name__ == '__main__':\n    print(counter)",
        "1")]
    [InlineData("python", "return input == event", "true")]
    public async Task A_script_may_use(string language, string code, string data)
    {
        var reply = await Server.RunNowAsync(language, code, new { n = 1 });

        Assert.Equal(data, reply.Data);
    }

    [Fact]
    public async Task The_interpreters_on_the_path_are_those_that_run_scripts()
    {
        var node = await Server.RunNowAsync(
            "javascript", "return require('child_process').execFileSync('node', ['-p', 'process.version']).toString().trim() === process.version");
        Assert.Equal("true", node.Data);

        var python = await Server.RunNowAsync(
            "python",
            "import subprocess, sys\nreturn subprocess.check_output(['python3', '-c', 'import sys; print(sys.version, end=\"\")'], text=True) == sys.version");
        Assert.Equal("true", python.Data);

        var version = await Server.RunNowAsync("javascript", "return process.version");
        var ofNode = await Server.RunNowAsync(
            "python", "import subprocess\nreturn subprocess.check_output(['node', '-p', 'process.version'], text=True).strip()");
        Assert.Equal(version.Data, ofNode.Data);

        const string forking = "const c = require('child_process');\n"
            + "if (process.send) process.send('forked', () => process.disconnect());\nelse c.fork(__filename).on('message', (m) => console.log(m));";
        Assert.Equal("\"forked\"", (await Server.RunNowAsync("javascript", forking)).Data);
    }

    [Theory]
    [InlineData("javascript", "const a = 1;\nconst b = ;\n", 2, 11)]
    [InlineData("typescript", "const a: number = 1;\nenum { }\n", 2, 6)]
    [InlineData("python", "a = 1\nb = (\n", 2, 5)]
    public async Task A_syntax_error_names_the_scripts_own_line_and_column(string language, string code, int line, int column)
    {
        foreach (var (path, body) in new (string, object)[]
        {
            ("/run-now", new { language, code }),
            ("/upload", new { path = "syntax/error", language, code }),
        })
        {
            var reply = await Server.ReplyAsync(path, body);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, reply.Status);
            Assert.Equal(
                ("syntax", line, column),
                (reply.Reason, reply.Body.GetProperty("line").GetInt32(), reply.Body.GetProperty("column").GetInt32()));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Server.RunAsync("syntax/error")).Status);
    }

    [Theory]
    [InlineData("javascript", "let a = 1;\nfunction f() {\n  throw new TypeError('bad thing');\n}\nf();", "TypeError", "script.js:3")]
    [InlineData(
        "typescript",
        "interface X { a: number }\nfunction f(): never {\n  throw new TypeError('bad thing');\n}\nf();",
        "TypeError",
        "script.ts:3")]
    [InlineData("python", "a = 1\ndef f():\n    raise ValueError('bad thing')\nf()", "ValueError", "line 3")]
    public async Task An_error_names_the_scripts_own_line(string language, string code, string name, string place)
    {
        var reply = await Server.RunNowAsync(language, code);

        Assert.Equal((HttpStatusCode.InternalServerError, "error"), (reply.Status, reply.Reason));
        Assert.Equal((name, "bad thing"), (reply.Body.GetProperty("name").GetString(), reply.Body.GetProperty("message").GetString()));
        Assert.Contains(place, reply.Body.GetProperty("stack").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript", "console.log('one'); console.log('{\"a\":1}'); console.log('tail')", """{"a":1}""", "json")]
    [InlineData("javascript", "console.log('one'); console.log('two')", "\"one\\ntwo\"", "text")]
    [InlineData("javascript", ";", "null", "json")]
    [InlineData("typescript", "// nothing", "null", "json")]
    [InlineData("python", "print(0)", "0", "number")]
    [InlineData("python", "print('x')\nprint('\"s\"')", "\"s\"", "string")]
    [InlineData("python", "import sys\nprint('only text')\nsys.exit(0)", "\"only text\"", "text")]
    public async Task A_script_that_returns_nothing_answers_with_what_it_printed(string language, string code, string data, string type)
    {
        var reply = await Server.RunNowAsync(language, code);

        Assert.Equal((data, type), (reply.Data, reply.Type));
    }
}
