using System.Globalization;
using System.Text;
using Faas.Actors.Scripts;

namespace Faas.Bench.Workloads;

/// <summary>The functions that are measured. Each does the same in every language.</summary>
internal static class Cases
{
    /// <summary>The case that the targets are about.</summary>
    public const string Hello = "hello";

    /// <summary>The case that is to cost as much as hello.</summary>
    public const string Modules = "five modules";

    /// <summary>Hello, uploaded and not called.</summary>
    public const string Upload = "upload of a new text";

    /// <summary>Characters of a long line: one less than what fits into one message of a stream.</summary>
    public const int LongLine = 65_535;

    /// <summary>Characters of a short line.</summary>
    public const int ShortLine = 15;

    /// <summary>In the order of the tables.</summary>
    public static IReadOnlyList<Language> Languages { get; } = [Language.JavaScript, Language.TypeScript, Language.Python];

    private const int PrintedLines = 10_000;

    /// <summary>A name in, a greeting out.</summary>
    public static Workload HelloIn(Language language) =>
        new(Hello, language, ScriptText.Hello(language), """{"name":"world"}""", """{"hello":"world"}""");

    public static IReadOnlyList<Workload> AllIn(Language language) =>
    [
        HelloIn(language),
        new("100 KB JSON in and out", language, ScriptText.Echo(language), Json(100 << 10), Json(100 << 10)),
        new("50 ms of CPU", language, ScriptText.Spin(language), "{}", """{"done":true}"""),
        new(Modules, language, ScriptText.Imports(language), "{}", """{"modules":5}"""),
        new(
            "10,000 lines streamed", language, ScriptText.Print(language), "{}", """{"done":true}""",
            new Printed(PrintedLines, NumbersBytes(PrintedLines))),
    ];

    /// <summary>A long stream: how much goes through one client.</summary>
    /// <param name="language">What it is written in.</param>
    /// <param name="line">Characters of one line, without its end.</param>
    /// <param name="lines">How many.</param>
    public static Workload Flood(Language language, int line, int lines) => new(
        $"lines of {line}", language, ScriptText.Flood(language, line, lines), "{}", """{"done":true}""",
        new Printed(lines, (line + 1L) * lines), IsFlood: true);

    /// <summary>An array of small objects, of at least so many bytes, in the form in which node and Python write it alike.</summary>
    public static string Json(int bytes)
    {
        var json = new StringBuilder("[");
        for (var id = 0; json.Length < bytes - 1; id++)
        {
            json.Append(id == 0 ? "" : ",").Append(
                CultureInfo.InvariantCulture, $$"""{"id":{{id}},"name":"item {{id}}","price":{{id}}.5,"tags":["a","b"],"ok":true}""");
        }

        return json.Append(']').ToString();
    }

    private static long NumbersBytes(int count) =>
        Enumerable.Range(0, count).Sum(number => number.ToString(CultureInfo.InvariantCulture).Length + 1L);
}
