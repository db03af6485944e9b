using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Bench.Libraries;

/// <summary>A script with libraries that does what hello does.</summary>
/// <param name="Name">What it has, in words.</param>
/// <param name="Language">What it is written in.</param>
/// <param name="Code">Its text.</param>
internal sealed record LibraryCase(string Name, Language Language, string Code)
{
    private const string FiveImports = """
        import lodash from 'npm:lodash'
        import dayjs from 'npm:dayjs'
        import { z } from 'npm:zod'
        import { v4 } from 'npm:uuid'
        import Ajv from 'npm:ajv'

        """;

    /// <summary>The cases. Each of the five libraries is named, so that all of it is in the bundle.</summary>
    public static IReadOnlyList<LibraryCase> All { get; } =
    [
        new("lodash", Language.JavaScript, "import lodash from 'npm:lodash'\n" + Module("event", "[lodash]")),
        new("five", Language.JavaScript, FiveImports + Module("event", "[lodash, dayjs, z, v4, Ajv]")),
        new("five", Language.TypeScript, FiveImports + Module("event: any", "[lodash, dayjs, z, v4, Ajv]")),
        new("numpy", Language.Python, Handler(["numpy"], "numpy")),
        new("five", Language.Python,
            Handler(["numpy", "requests", "pydantic", "PyYAML", "python-dateutil"], "numpy, requests, pydantic, yaml, dateutil.parser")),
    ];

    /// <summary>Its path on a server.</summary>
    public string Path => $"libraries/{Language.ToWire()}/{Name}";

    /// <summary>Its name in the tables.</summary>
    public string Title => $"{Language.ToWire()}, {Name}";

    /// <summary>Hello in the same language and form.</summary>
    public LibraryCase Hello => new("hello", Language, Language switch
    {
        Language.JavaScript => Module("event", "[]"),
        Language.TypeScript => Module("event: any", "[]"),
        _ => Handler([], ""),
    });

    private static string Module(string parameter, string libraries) => $$"""
        const libraries = {{libraries}}
        export default ({{parameter}}) => ({ hello: event.name, libraries: libraries.length })

        """;

    // It tells whether the first library was imported before the script.
    private static string Handler(IReadOnlyList<string> libraries, string modules)
    {
        var declared = string.Join(", ", libraries.Select(library => $"\"{library}\""));
        var block = libraries.Count == 0 ? "" : $"# /// script\n# dependencies = [{declared}]\n# ///\n";
        var import = libraries.Count == 0 ? "ahead = False\n" : $"ahead = '{libraries[0]}' in sys.modules\nimport {modules}\n";
        return $"{block}import sys\n{import}def handler(event):\n    return {{'hello': event['name'], 'ahead': ahead}}\n";
    }
}
