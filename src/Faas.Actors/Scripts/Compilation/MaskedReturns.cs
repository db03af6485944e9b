using System.Text;
using System.Text.RegularExpressions;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>
/// Lets a script with imports or top-level awaits use a top-level <c>return</c>, which esbuild refuses there.
/// <para>
/// Theory of operation. esbuild's errors say where each such return is. A <c>throw</c> may stand wherever a return may
/// and takes the same operand, so each return is written as a throw, and esbuild compiles the script as a module. The
/// source map says where in the output each of these throws went, and there it becomes a return again. A return without
/// an operand is masked as <c>throw 0</c>, one character longer than <c>return</c>. Both texts are edited within a line,
/// so the columns in the source map are moved to match.
/// </para>
/// </summary>
public sealed partial class MaskedReturns
{
    private const string Return = "return", Throw = "throw", ThrowNothing = "throw 0";

    // Each return's place in the script (0-based), and whether it has an operand.
    private readonly Dictionary<(int Line, int Column), bool> _places = [];

    // By line, in order: the columns of the masks that are longer than the return that they mask.
    private readonly ILookup<int, int> _longer;

    private MaskedReturns(string source, IEnumerable<EsbuildMessage> returns)
    {
        var lines = new SourceLines(source);
        var masked = new StringBuilder();
        var done = 0;
        foreach (var (line, column) in returns.Select(place => (place.Line, lines.ColumnOf(place.Line, place.ByteColumn))).Order())
        {
            var at = lines.StartOf(line) + column;
            var hasOperand = !NoOperand().IsMatch(source.AsSpan(at + Return.Length));
            masked.Append(source, done, at - done).Append(hasOperand ? Throw + ' ' : ThrowNothing);
            done = at + Return.Length;
            _places.Add((line - 1, column), hasOperand);
        }

        Text = masked.Append(source, done, source.Length - done).ToString();
        _longer = _places.Where(place => !place.Value).ToLookup(place => place.Key.Line, place => place.Key.Column);
    }

    /// <summary>The script with its returns masked.</summary>
    public string Text { get; }

    /// <summary>Masks the returns that esbuild complained of.</summary>
    public static MaskedReturns Of(string source, IEnumerable<EsbuildMessage> returns) => new(source, returns);

    /// <summary>
    /// Turns the masks in esbuild's output of <see cref="Text"/> back into returns. Throws <see cref="CompilerException"/> when one is not
    /// there.
    /// </summary>
    /// <param name="compiled">The output.</param>
    /// <param name="file">The name of the script among the sources of the source map; null: it is the only one.</param>
    public EsbuildAnswer Unmask(EsbuildAnswer compiled, string? file = null)
    {
        var map = SourceMap.Parse(compiled.SourceMap);
        var source = file is null ? 0 : map.Sources.ToList().IndexOf(file);
        var output = compiled.JavaScript.Split('\n');
        var generated = Find(map, output, source);
        if (generated.Count != _places.Count)
        {
            throw new CompilerException($"The TypeScript compiler kept {generated.Count} of {_places.Count} top-level returns.");
        }

        foreach (var ((line, column), mask) in generated.Reverse())
        {
            output[line] = string.Concat(output[line].AsSpan(0, column), Return, output[line].AsSpan(column + mask.Length));
        }

        var byLine = generated.ToLookup(place => place.Key.Line, place => (place.Key.Column, Return.Length - place.Value.Length));
        var moved = map.Segments.Select(segment => Moved(segment, byLine[segment.Line], source));
        return new EsbuildAnswer(string.Join('\n', output), map.With(moved).ToString(), []);
    }

    // Finds where each mask went. The map names places of the masked text; behind a longer mask they differ from the script's.
    private SortedDictionary<(int Line, int Column), string> Find(SourceMap map, string[] output, int source)
    {
        var found = new SortedDictionary<(int, int), string>();
        foreach (var segment in map.Segments)
        {
            if (segment.HasSource
                && segment.Source == source
                && _places.TryGetValue((segment.SourceLine, Unmasked(segment.SourceLine, segment.SourceColumn)), out var hasOperand))
            {
                var line = output[segment.Line];
                var at = segment.Column;
                while (at < line.Length && line[at] == ' ')
                {
                    at++;
                }

                var mask = hasOperand ? Throw : ThrowNothing;
                if (string.CompareOrdinal(line, at, mask, 0, mask.Length) == 0)
                {
                    found[(segment.Line, at)] = mask;
                }
            }
        }

        return found;
    }

    private SourceMap.Segment Moved(
        SourceMap.Segment segment, IEnumerable<(int Column, int Longer)> onItsLine, int source) => segment with
    {
        Column = segment.Column + onItsLine.Where(place => place.Column < segment.Column).Sum(place => place.Longer),
        SourceColumn = segment.HasSource && segment.Source == source
            ? Unmasked(segment.SourceLine, segment.SourceColumn)
            : segment.SourceColumn,
    };

    private int Unmasked(int line, int column)
    {
        foreach (var place in _longer[line])
        {
            if (place < column)
            {
                column -= ThrowNothing.Length - Return.Length;
            }
        }

        return column;
    }

    // The statement ends here: by a semicolon, a brace, the end of the text or of the line, perhaps inside a comment.
    [GeneratedRegex(@"\A(?>(?:[^\S\n\r\u2028\u2029]|/\*(?:(?!\*/)[^\n\r\u2028\u2029])*\*/)*)(?:[;}\n\r\u2028\u2029]|//|/\*|\z)")]
    private static partial Regex NoOperand();
}
