namespace Faas.Cli.Output;

/// <summary>Colours a text for a terminal (ECMA-48, SGR).</summary>
internal static class Paint
{
    /// <summary>Bold.</summary>
    public static string Bold(string text) => Of(text, 1);

    /// <summary>Dim.</summary>
    public static string Dim(string text) => Of(text, 2);

    /// <summary>Red.</summary>
    public static string Red(string text) => Of(text, 31);

    /// <summary>Green.</summary>
    public static string Green(string text) => Of(text, 32);

    /// <summary>Yellow.</summary>
    public static string Yellow(string text) => Of(text, 33);

    /// <summary>Cyan.</summary>
    public static string Cyan(string text) => Of(text, 36);

    private static string Of(string text, int code) => $"\u001b[{code}m{text}\u001b[0m";
}
