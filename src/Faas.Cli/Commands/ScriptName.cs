using Faas.Cli.Output;

namespace Faas.Cli.Commands;

/// <summary>A script and a version of it on the command line: <c>math/add@stable</c>.</summary>
internal static class ScriptName
{
    /// <summary>A path where no version is allowed.</summary>
    public static string OfPath(string text) => Split(text) is (var path, null)
        ? path
        : throw CliException.Usage($"\"{text}\" names a version; a PATH alone is allowed here.");

    /// <summary>Whether a text has an <c>@</c> that stands before a version: one in its last part, not at its begin.</summary>
    public static bool NamesVersion(string text) => text.LastIndexOf('@') > Math.Max(0, text.LastIndexOf('/'));

    /// <summary>
    /// The path, and the version if one is named. An <c>@</c> within the path, such as that of a folder <c>@team</c>, is none.
    /// </summary>
    public static (string Path, string? Version) Split(string text)
    {
        var (path, version) = NamesVersion(text) && text.LastIndexOf('@') is var at ? (text[..at], text[(at + 1)..]) : (text, null);
        path = path.Trim('/');
        return path.Length == 0 || version is "" ? throw CliException.Usage($"\"{text}\" names no script; allowed is PATH or PATH@VERSION.")
            : (path, version);
    }
}
