namespace Faas.Http.Api.Scripts;

/// <summary>Bodies of requests and answers, as the API's description shows them.</summary>
internal static class ScriptExamples
{
    public const string Upload =
        """
        {"path": "math/add", "language": "python", "code": "return event[\"a\"] + event[\"b\"]", "timeout": "10s",
         "labels": {"team": "math"}}
        """;

    public const string Uploaded = """{"path": "math/add", "language": "python", "version": 1739000000}""";

    public const string Version =
        """
        {"version": 1739000000, "language": "python", "hash": "b2c5c9a5c3d2f5c1a7b0fe8a6c1c0cdb9a2f3f7c0f2de1e4a4a9f4b9a0c1d2e3",
         "bytes": 32, "uploaded": "2026-02-08T07:33:20Z", "settings": {"timeout": 10, "labels": {"team": "math"}}}
        """;

    public const string Alias = """{"name": "stable", "version": 1739000000, "previous": {"version": 1738000000}}""";

    public const string Split =
        """
        {"split": [{"version": 1738000000, "weight": 90}, {"version": 1739000000, "weight": 10}], "sticky": "X-User"}
        """;

    public const string Script =
        $$$"""
        {"path": "math/add", "latest": {{{Version}}}, "versions": 2, "created": "2026-01-27T17:46:40Z", "enabled": true,
         "aliases": [{{{Alias}}}], "keep": {"newest": 20}}
        """;

    public const string Scripts =
        """
        {"scripts": [{"path": "math/add", "language": "python", "version": 1739000000, "uploaded": "2026-02-08T07:33:20Z", "versions": 2}],
         "next": "L2FwaS92MS9zY3JpcHRzCm1hdGgvYWRk"}
        """;

    public const string Versions = $$"""{"path": "math/add", "versions": [{{Version}}]}""";

    public const string Aliases = $$"""{"aliases": [{{Alias}}]}""";

    public const string Change = """{"enabled": false, "keep": {"newest": 20, "days": 30}}""";

    public const string Code = "return event[\"a\"] + event[\"b\"]\n";

    public const string Sources =
        """
        {"version": 1739000000, "entry": "main.js",
         "sources": [{"name": "lib/math.js", "text": "export const add = (a, b) => a + b\n"},
          {"name": "main.js", "text": "import { add } from './lib/math.js'\nreturn add(event.a, event.b)\n"}]}
        """;

    public const string Diff = "--- 1738000000\n+++ 1739000000\n@@ -1 +1 @@\n-return 42\n+return 43\n";
}
