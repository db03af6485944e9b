using System.Text;

namespace Faas.Actors.Runs;

/// <summary>
/// Which names the files of a run may have: those of files on Linux and elsewhere, without a folder, which are printed as they are.
/// </summary>
public static class RunFileName
{
    /// <summary>The most bytes of UTF-8 (NAME_MAX of Linux).</summary>
    public const int MaxBytes = 255;

    /// <summary>What is wrong with a name, to follow the words "the name"; null: nothing.</summary>
    public static string? Check(string name) => name switch
    {
        "" => "is empty",
        "." or ".." => "is that of a folder",
        _ when Encoding.UTF8.GetByteCount(name) is > MaxBytes and var bytes => $"has {bytes} bytes; allowed are {MaxBytes}",
        _ when name.AsSpan().IndexOfAny('/', '\\') >= 0 => "has a slash or a backslash; a file lies directly in its folder",
        _ when name.Any(char.IsControl) => "has a control character",
        _ when name.AsSpan().Contains('\uFFFD') => "has the character U+FFFD, which stands for bytes that are not UTF-8",
        _ => null,
    };
}
