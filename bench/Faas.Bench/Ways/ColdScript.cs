using Faas.Actors.Scripts;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>A function as a program of its own, as go-faas makes it: it reads the event from stdin and prints what it returns.</summary>
internal static class ColdScript
{
    public static string NameOf(Language language) => language switch
    {
        Language.JavaScript => "script.cjs",
        Language.TypeScript => "script.ts",
        _ => "script.py",
    };

    public static string TextOf(Workload workload) => workload.Language switch
    {
        Language.JavaScript => Node(workload.Source, ""),
        Language.TypeScript => Node(workload.Source, ": any"),
        _ => $"""
            import json, sys

            def main(event):
                {workload.Source.ReplaceLineEndings("\n    ")}

            print(json.dumps(main(json.load(sys.stdin)), separators=(",", ":")))
            """,
    };

    private static string Node(string source, string any) => $$"""
        const event{{any}} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        async function main() {
        {{source}}
        }
        main().then(result => process.stdout.write(JSON.stringify(result)));
        """;
}
