using Faas.Actors.Scripts;

namespace Faas.Bench.Workloads;

/// <summary>The code of the measured functions. TypeScript's differs from JavaScript's by its types.</summary>
internal static class ScriptText
{
    public static string Hello(Language language) => language switch
    {
        Language.JavaScript => "return { hello: event.name };",
        Language.TypeScript => """
            interface Greeting { hello: string }
            const greeting: Greeting = { hello: event.name as string };
            return greeting;
            """,
        _ => "return {\"hello\": event[\"name\"]}",
    };

    public static string Echo(Language language) => language switch
    {
        Language.JavaScript => "return event;",
        Language.TypeScript => "const items: unknown[] = event;\nreturn items;",
        _ => "return event",
    };

    // By the process's own clock, so that it is 50 ms of work on any machine, and however busy that is.
    public static string Spin(Language language) => language switch
    {
        Language.Python => """
            import time
            end = time.process_time() + 0.05
            while time.process_time() < end:
                pass
            return {"done": True}
            """,
        _ => $$"""
            const begin{{Typed(language, "NodeJS.CpuUsage")}} = process.cpuUsage();
            for (;;) {
              const used{{Typed(language, "NodeJS.CpuUsage")}} = process.cpuUsage(begin);
              if (used.user + used.system >= 50000) return { done: true };
            }
            """,
    };

    public static string Imports(Language language) => language switch
    {
        Language.Python => "import json, re, datetime, decimal, asyncio\nreturn {\"modules\": len([json, re, datetime, decimal, asyncio])}",
        _ => $$"""
            const crypto{{Typed(language, "any")}} = require('node:crypto');
            const zlib{{Typed(language, "any")}} = require('node:zlib');
            const https{{Typed(language, "any")}} = require('node:https');
            const readline{{Typed(language, "any")}} = require('node:readline');
            const children{{Typed(language, "any")}} = require('node:child_process');
            return { modules: [crypto, zlib, https, readline, children].length };
            """,
    };

    public static string Print(Language language) => language switch
    {
        Language.Python => "for i in range(10000):\n    print(i)\nreturn {\"done\": True}",
        _ => $"for (let i{Typed(language, "number")} = 0; i < 10000; i++) console.log(i);\nreturn {{ done: true }};",
    };

    // Whole blocks of about 64 KiB at a time: it is the way to the client that is measured, not console.log.
    public static string Flood(Language language, int line, int lines)
    {
        var each = Math.Max(1, (64 << 10) / (line + 1));
        return language switch
        {
            Language.Python => $$"""
                import sys
                line = "x" * {{line}} + "\n"
                block = line * {{each}}
                for _ in range({{lines / each}}):
                    sys.stdout.write(block)
                sys.stdout.write(line * {{lines % each}})
                return {"done": True}
                """,
            _ => $$"""
                const line{{Typed(language, "string")}} = 'x'.repeat({{line}}) + '\n';
                const block{{Typed(language, "string")}} = line.repeat({{each}});
                for (let i = 0; i < {{lines / each}}; i++) process.stdout.write(block);
                process.stdout.write(line.repeat({{lines % each}}));
                return { done: true };
                """,
        };
    }

    private static string Typed(Language language, string type) => language == Language.TypeScript ? $": {type}" : "";
}
