using Faas.Actors.Configuration;

namespace Faas.Http.Configuration.Hocon;

/// <summary>A place in a HOCON text, which moves forward only and knows its line.</summary>
/// <param name="text">The text.</param>
/// <param name="file">Its name, for errors.</param>
internal sealed class HoconCursor(string text, string file)
{
    /// <summary>What <see cref="Now"/> is behind the last character.</summary>
    public const char End = '\0';

    private int _at;

    /// <summary>The line, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The index in the text.</summary>
    public int Index => _at;

    /// <summary>The character here.</summary>
    public char Now => _at < text.Length ? text[_at] : End;

    /// <summary>Whether nothing follows.</summary>
    public bool IsAtEnd => _at >= text.Length;

    /// <summary>Whether a comment begins here: <c>#</c> or <c>//</c>.</summary>
    public bool IsAtComment => Now == '#' || Looks("//");

    /// <summary>The text from an index to here.</summary>
    public string Since(int index) => text[index.._at];

    /// <summary>Whether the text goes on so.</summary>
    public bool Looks(string expected) => string.CompareOrdinal(text, _at, expected, 0, expected.Length) == 0;

    /// <summary>Takes the character here.</summary>
    public char Take()
    {
        var taken = Now;
        if (taken == '\n')
        {
            Line++;
        }

        _at = Math.Min(_at + 1, text.Length);

        return taken;
    }

    /// <summary>Takes this many characters.</summary>
    public void Take(int count)
    {
        for (; count > 0; count--)
        {
            Take();
        }
    }

    /// <summary>Goes to the next character of this line that is no white space.</summary>
    public void SkipSpaces()
    {
        while (Now != '\n' && !IsAtEnd && (char.IsWhiteSpace(Now) || Now == '\uFEFF'))
        {
            Take();
        }
    }

    /// <summary>Goes to the next character that is neither white space nor in a comment.</summary>
    public void SkipBlank()
    {
        while (true)
        {
            SkipSpaces();
            if (Now == '\n')
            {
                Take();
            }
            else if (IsAtComment)
            {
                while (Now != '\n' && !IsAtEnd)
                {
                    Take();
                }
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>The error for the operator: one line that names the file and the line.</summary>
    public SettingException Wrong(string what, int? line = null) => new($"{file}, line {line ?? Line}: {what}.");
}
