using System.Text;

namespace Faas.Actors.Scripts.Trees;

/// <summary>
/// Which names the source files of a tree may have: paths below the tree's folder, their parts separated by slashes, as Linux has them.
/// Names are compared byte by byte, so <c>A.js</c> and <c>a.js</c> are two files.
/// </summary>
public static class SourceName
{
    /// <summary>The most bytes of UTF-8 in a whole name.</summary>
    public const int MaxBytes = 512;

    /// <summary>The most bytes of UTF-8 in one part (NAME_MAX of Linux).</summary>
    public const int MaxPartBytes = 255;

    /// <summary>The most parts.</summary>
    public const int MaxParts = 20;

    /// <summary>What is wrong with a name, to follow the words "the name"; null: nothing.</summary>
    public static string? Check(string name)
    {
        if (name.Length == 0)
        {
            return "is empty";
        }

        if (Encoding.UTF8.GetByteCount(name) is > MaxBytes and var bytes)
        {
            return $"has {bytes} bytes; allowed are {MaxBytes}";
        }

        if (name[0] == '/')
        {
            return "begins with a slash; it must be a path below the tree's folder";
        }

        var parts = name.Split('/');
        return parts.Length > MaxParts
            ? $"has {parts.Length} parts; allowed are {MaxParts}"
            : parts.Select(CheckPart).FirstOrDefault(wrong => wrong is not null);
    }

    /// <summary>The folder of a name, with a slash at its end; empty: the tree's own.</summary>
    public static string FolderOf(string name) => name[..(name.LastIndexOf('/') + 1)];

    private static string? CheckPart(string part) => part switch
    {
        "" => "has an empty part",
        "." or ".." => $"has the part \"{part}\"; it must be a path below the tree's folder",
        _ when Encoding.UTF8.GetByteCount(part) > MaxPartBytes => $"has a part of more than {MaxPartBytes} bytes",
        _ when part.Contains('\\') => "has a backslash; its parts are separated by slashes",
        _ when part.Any(char.IsControl) => "has a control character",
        _ when part.Contains('\uFFFD') => "has the character U+FFFD, which stands for bytes that are not UTF-8",
        _ when part.Any(char.IsSurrogate) && !IsUnicode(part) => "has half of a surrogate pair",
        _ => null,
    };

    private static bool IsUnicode(string part) => !part.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);
}
