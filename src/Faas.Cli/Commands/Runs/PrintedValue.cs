using Faas.Client;

namespace Faas.Cli.Commands.Runs;

/// <summary>
/// Whether a run's value is what its script has printed last. The server takes the value of a script that returns nothing from its output,
/// and a person who has seen the output does not need it twice.
/// </summary>
internal sealed class PrintedValue
{
    private readonly List<string> _lines = [];
    private long _length;
    private bool _isWithinLine;
    private bool _isTooLong;

    // The longest output of which the whole may be the value; of a longer one, the last line still may.
    private const int MostCharacters = 64 << 10;

    /// <summary>Notes a line of stdout.</summary>
    public void Note(RunPrinted line)
    {
        if (line.IsStderr)
        {
            return;
        }

        _length += line.Text.Length;
        if (_length > MostCharacters)
        {
            _isTooLong = true;
            _lines.Clear();
            _length = line.Text.Length;
        }

        if (_isWithinLine && _lines.Count > 0)
        {
            _lines[^1] += line.Text;
        }
        else
        {
            _lines.Add(line.Text);
        }

        _isWithinLine = line.IsPartial;
    }

    /// <summary>Whether the value has been seen.</summary>
    public bool Is(RunResult result)
    {
        if (_lines.Count == 0)
        {
            return false;
        }

        var text = result.Type == "text" ? $"{result.Data}" : result.Data.GetRawText();
        return text == _lines[^1].Trim() || (!_isTooLong && text == string.Join(result.Type == "text" ? '\n' : ' ', _lines).Trim());
    }
}
