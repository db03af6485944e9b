using System.Runtime.InteropServices;

namespace Faas.Cli.Output;

/// <summary>Says why a file cannot be read or written, in the words of the system (errno(3)).</summary>
internal static class FileError
{
    private const int MostErrno = 4095;

    /// <summary>Half a sentence: <c>there is no such file</c>.</summary>
    public static string Of(Exception failed) => failed switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such folder",
        UnauthorizedAccessException => "this user may not",
        PathTooLongException => "its name is too long",
        ArgumentOutOfRangeException => "it is too large for the disk", // what .NET makes of EFBIG
        // .NET keeps the number of the system's error here.
        IOException { HResult: > 0 and <= MostErrno and var number } => Sentence(Marshal.GetPInvokeErrorMessage(number)),
        _ => failed.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.'),
    };

    private static string Sentence(string text) => text.Length > 0 ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
