namespace Faas.Http.Configuration.Hocon;

/// <summary>Passes over a value that another parser will read, and sees to it that its brackets and quotes are closed.</summary>
internal static class HoconBalance
{
    /// <summary>Goes to the end of the value: its last bracket, or the end of the line.</summary>
    public static void Skip(HoconCursor text)
    {
        var open = new Stack<(char Closes, int Line)>();
        do
        {
            if (text.IsAtEnd)
            {
                if (open.TryPeek(out var missing))
                {
                    throw text.Wrong($"the bracket that '{missing.Closes}' would close is open", missing.Line);
                }

                return;
            }

            if (text.IsAtComment)
            {
                if (open.Count == 0)
                {
                    return;
                }

                text.SkipBlank();
                continue;
            }

            Pass(text, open);
        }
        while (open.Count > 0 || text.Now is not ('\n' or '}' or ','));
    }

    private static void Pass(HoconCursor text, Stack<(char Closes, int Line)> open)
    {
        switch (text.Now)
        {
            case '"':
                HoconValueReader.ReadQuoted(text);
                break;
            case '{' or '[':
                open.Push((text.Now == '{' ? '}' : ']', text.Line));
                text.Take();
                break;
            case '}' or ']':
                if (!open.TryPop(out var expected) || expected.Closes != text.Now)
                {
                    throw text.Wrong($"'{text.Now}' closes nothing");
                }

                text.Take();
                break;
            default:
                text.Take();
                break;
        }
    }
}
