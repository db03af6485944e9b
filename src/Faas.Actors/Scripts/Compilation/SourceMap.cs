using System.Text;
using System.Text.Json.Nodes;

namespace Faas.Actors.Scripts.Compilation;

/// <summary>A source map v3 (ECMA-426), decoded so that positions can be moved.</summary>
public sealed class SourceMap
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int Continues = 32;

    private readonly JsonObject _json;

    private SourceMap(JsonObject json, IReadOnlyList<Segment> segments) => (_json, Segments) = (json, segments);

    /// <summary>In the order of the generated text.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>The names of the sources, to which segments refer by their place.</summary>
    public IReadOnlyList<string> Sources => [.. _json["sources"]!.AsArray().Select(source => source!.GetValue<string>())];

    /// <summary>Reads the JSON; throws <see cref="FormatException"/> when its mappings are not.</summary>
    public static SourceMap Parse(string json)
    {
        var map = JsonNode.Parse(json)!.AsObject();
        return new SourceMap(map, Decode(map["mappings"]!.GetValue<string>()));
    }

    /// <summary>The same map with other segments.</summary>
    public SourceMap With(IEnumerable<Segment> segments) => new(_json, [.. segments]);

    /// <summary>The JSON.</summary>
    public override string ToString()
    {
        var map = _json.DeepClone().AsObject();
        map["mappings"] = Encode(Segments);
        return map.ToJsonString();
    }

    private static List<Segment> Decode(string mappings)
    {
        var segments = new List<Segment>();
        var last = default(Segment);
        foreach (var line in mappings.Split(';'))
        {
            last = last with { Column = 0 };
            foreach (var fields in line.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Fields))
            {
                last = last with { Column = last.Column + fields[0], Fields = fields.Count };
                if (fields.Count >= 4)
                {
                    last = last with
                    {
                        Source = last.Source + fields[1],
                        SourceLine = last.SourceLine + fields[2],
                        SourceColumn = last.SourceColumn + fields[3],
                    };
                }

                last = fields.Count == 5 ? last with { Name = last.Name + fields[4] } : last;
                segments.Add(last);
            }

            last = last with { Line = last.Line + 1 };
        }

        return segments;
    }

    private static List<int> Fields(string segment)
    {
        var (fields, value, shift) = (new List<int>(5), 0, 0);
        foreach (var character in segment)
        {
            var digit = Digits.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0 || shift > 30)
            {
                throw new FormatException($"\"{segment}\" is no segment of a source map.");
            }

            value |= (digit & (Continues - 1)) << shift;
            shift += 5;
            if ((digit & Continues) == 0)
            {
                fields.Add((value & 1) == 0 ? value >> 1 : -(value >> 1));
                (value, shift) = (0, 0);
            }
        }

        return fields.Count is 1 or 4 or 5 && shift == 0
            ? fields
            : throw new FormatException($"\"{segment}\" is no segment of a source map.");
    }

    private static string Encode(IEnumerable<Segment> segments)
    {
        var text = new StringBuilder();
        var (line, column, source) = (0, 0, default(Segment));
        foreach (var segment in segments)
        {
            if (segment.Line > line)
            {
                text.Append(';', segment.Line - line);
                (line, column) = (segment.Line, 0);
            }
            else if (text.Length > 0 && text[^1] != ';')
            {
                text.Append(',');
            }

            Append(text, segment.Column - column);
            column = segment.Column;
            if (segment.HasSource)
            {
                Append(text, segment.Source - source.Source);
                Append(text, segment.SourceLine - source.SourceLine);
                Append(text, segment.SourceColumn - source.SourceColumn);
                if (segment.Fields == 5)
                {
                    Append(text, segment.Name - source.Name);
                }

                source = segment.Fields == 5 ? segment : segment with { Name = source.Name };
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, int value)
    {
        var rest = value < 0 ? (-value << 1) | 1 : value << 1;
        do
        {
            var digit = rest & (Continues - 1);
            rest >>= 5;
            text.Append(Digits[rest > 0 ? digit | Continues : digit]);
        }
        while (rest > 0);
    }

    /// <summary>One mapping; lines and columns are 0-based, columns in UTF-16 units. <c>Fields</c>: how many it has (1, 4 or 5).</summary>
    public readonly record struct Segment(int Line, int Column, int Fields, int Source, int SourceLine, int SourceColumn, int Name)
    {
        /// <summary>Whether it says where the text came from.</summary>
        public bool HasSource => Fields >= 4;
    }
}
