namespace Faas.Cli.Output;

/// <summary>Writes a word so that a person can type it into a shell.</summary>
internal static class ShellWord
{
    private const string Safe = "/._-+:,@%=";

    /// <summary>The word, in quotes if it needs them.</summary>
    public static string Of(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || Safe.Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
