using System.Text;
using Faas.Actors.Configuration;

namespace Faas.Http.Configuration.Hocon;

/// <summary>
/// Reads a settings file, strictly. Source: the HOCON specification (lightbend/config, HOCON.md).
///
/// Theory of operation: Akka's own parser accepts nearly every text and drops what it does not understand. A server would then run
/// within other bounds than its operator wrote. This reader knows the part of HOCON that settings need: sections, dotted and quoted keys,
/// <c>=</c> and <c>:</c>, quoted and plain texts, lists of texts, comments and <c>${?NAME}</c>. All else is an error that names the line.
/// The values are read here alone; the <c>akka</c> section, which belongs to Akka, is checked for its braces and handed on as text.
/// </summary>
public sealed class HoconReader
{
    /// <summary>The section that belongs to the actor system.</summary>
    public const string Akka = "akka";

    private const string Include = "include";
    private const int DeepestSection = 20;

    private readonly HoconCursor _text;
    private readonly List<HoconEntry> _entries = [];
    private readonly StringBuilder _akka = new();

    private HoconReader(string text, string file) => _text = new HoconCursor(text, file);

    /// <summary>The entries in their order, and the text of everything under <c>akka</c>. Throws <see cref="SettingException"/>.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">Its name, for errors.</param>
    public static (IReadOnlyList<HoconEntry> Entries, string Akka) Read(string text, string file)
    {
        var reader = new HoconReader(text, file);
        reader.ReadFile();
        return (reader._entries, reader._akka.ToString());
    }

    private void ReadFile()
    {
        _text.SkipBlank();
        if (_text.Now == '{')
        {
            var line = _text.Line;
            _text.Take();
            ReadMembers("", line, depth: 1);
        }
        else
        {
            ReadMembers("", null, depth: 0);
        }

        _text.SkipBlank();
        if (!_text.IsAtEnd)
        {
            throw _text.Wrong($"'{_text.Now}' stands behind the end of the settings");
        }
    }

    /// <summary>Reads members until the brace that closes them, or until the end of the file.</summary>
    private void ReadMembers(string prefix, int? opened, int depth)
    {
        while (true)
        {
            _text.SkipBlank();
            switch (_text.Now)
            {
                case HoconCursor.End when _text.IsAtEnd:
                    if (opened is { } line)
                    {
                        throw _text.Wrong("this '{' is not closed", line);
                    }

                    return;
                case '}' when opened is not null:
                    _text.Take();
                    return;
                case '}' or ']':
                    throw _text.Wrong($"'{_text.Now}' closes nothing");
                default:
                    ReadMember(prefix, depth);
                    break;
            }
        }
    }

    private void ReadMember(string prefix, int depth)
    {
        var (line, begin) = (_text.Line, _text.Index);
        var key = ReadKey();
        var path = prefix.Length == 0 ? key : $"{prefix}.{key}";
        _text.SkipSpaces();
        var isAssigned = _text.Now is '=' or ':';
        if (isAssigned)
        {
            _text.Take();
            _text.SkipSpaces();
        }

        if (path == Akka || path.StartsWith($"{Akka}.", StringComparison.Ordinal))
        {
            HoconBalance.Skip(_text);
            _akka.Append(_text.Since(begin)).Append('\n');
            _entries.Add(new HoconEntry(path, HoconKind.Section, [], line));
        }
        else if (_text.Now == '{')
        {
            ReadSection(path, line, depth);
        }
        else if (isAssigned)
        {
            _entries.Add(HoconValueReader.Read(_text, path, line));
            ReadEndOfValue(path);
        }
        else
        {
            throw _text.Wrong(
                path == Include
                    ? "\"include\" is not supported: write all settings into one file"
                    : $"\"{path}\" has no value: write {path} = value",
                line);
        }
    }

    private void ReadSection(string path, int line, int depth)
    {
        if (depth >= DeepestSection)
        {
            throw _text.Wrong($"\"{path}\" is nested deeper than {DeepestSection} sections");
        }

        _text.Take();
        _entries.Add(new HoconEntry(path, HoconKind.Section, [], line));
        ReadMembers(path, line, depth + 1);
        _text.SkipSpaces();
        if (_text.Now == ',')
        {
            _text.Take();
        }
    }

    private void ReadEndOfValue(string path)
    {
        _text.SkipSpaces();
        if (_text.Now == ',')
        {
            _text.Take();
        }
        else if (_text.Now is not ('\n' or '}') && !_text.IsAtEnd && !_text.IsAtComment)
        {
            throw _text.Wrong($"'{_text.Now}' follows the value of \"{path}\": put the value in quotes");
        }
    }

    private string ReadKey()
    {
        var key = new StringBuilder();
        while (true)
        {
            if (_text.Now == '"')
            {
                key.Append(HoconValueReader.ReadQuoted(_text));
            }
            else
            {
                var begin = _text.Index;
                while (char.IsAsciiLetterOrDigit(_text.Now) || _text.Now is '-' or '_')
                {
                    _text.Take();
                }

                if (begin == _text.Index)
                {
                    throw _text.Wrong($"a key is expected, not {(_text.IsAtEnd ? "the end of the file" : $"'{_text.Now}'")}");
                }

                key.Append(_text.Since(begin));
            }

            if (_text.Now != '.')
            {
                return key.ToString();
            }

            key.Append(_text.Take());
        }
    }
}
