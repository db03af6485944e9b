namespace Faas.Cli.Output;

/// <summary>Colours a line of a unified diff.</summary>
internal static class DiffPaint
{
    /// <summary>The line with its colour.</summary>
    public static string Of(string line) => line switch
    {
        ['+', '+', '+', ..] or ['-', '-', '-', ..] => Paint.Bold(line),
        ['+', ..] => Paint.Green(line),
        ['-', ..] => Paint.Red(line),
        ['@', '@', ..] => Paint.Cyan(line),
        _ => line,
    };
}
