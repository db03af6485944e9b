using System.Text;

namespace Faas.Actors.Scripts;

/// <summary>The name of a script: segments with slashes between them, <c>math/add</c>.</summary>
public static class ScriptPath
{
    /// <summary>Longest path in bytes of UTF-8.</summary>
    public const int MaxBytes = 512;

    /// <summary>
    /// Whether a path is this one or below it, by whole segments: <c>math</c> has <c>math/add</c>, not <c>mathematics</c>.
    /// </summary>
    public static bool IsUnder(string path, string root) =>
        path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/');

    /// <summary>What is wrong with a text that paths are to begin with, as half a sentence; null: paths may begin so.</summary>
    public static string? CheckPrefix(string prefix) =>
        Encoding.UTF8.GetByteCount(prefix) > MaxBytes ? $"must not be longer than {MaxBytes} bytes"
        : prefix.Any(char.IsControl) ? "must not contain control characters"
        : null;

    /// <summary>What is wrong with the path, as half a sentence; null: it is valid.</summary>
    public static string? Check(string path)
    {
        if (path.Length == 0)
        {
            return "must not be empty";
        }

        if (CheckPrefix(path) is { } wrong)
        {
            return wrong;
        }

        var segments = path.Split('/');
        return segments.Contains("") ? "must not contain empty segments, nor start or end with a slash"
            : segments.Any(segment => segment is "." or "..") ? "must not contain \".\" or \"..\" segments"
            : null;
    }
}
