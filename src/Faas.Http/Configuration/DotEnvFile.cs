using System.Text.RegularExpressions;
using dotenv.net;
using Faas.Actors.Configuration;

namespace Faas.Http.Configuration;

/// <summary>
/// Reads a <c>.env</c> file: <c>NAME=value</c> a line, with <c>export</c> in front if the writer likes, quotes around the value, comments
/// behind <c>#</c>. A line that is something else is an error, and so is a name that comes twice, because one of the two would not count.
/// </summary>
public static partial class DotEnvFile
{
    /// <summary>The variables; none: there is no such file. Throws <see cref="SettingException"/>.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return new Dictionary<string, string>();
            }

            Check(path, File.ReadAllLines(path));
            return DotEnv.Read(Format(path)).ToDictionary(variable => variable.Key, variable => variable.Value);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            throw new SettingException($"{path}: {unreadable.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void Check(string path, string[] lines)
    {
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var assignment = Assignment().Match(line);
            if (!assignment.Success)
            {
                throw new SettingException($"{path}, line {i + 1}: not an assignment; allowed is NAME=value, or a comment behind #.");
            }

            var name = assignment.Groups["name"].Value;
            if (!seen.TryAdd(name, i + 1))
            {
                throw new SettingException($"{path}: {name} is set twice, in lines {seen[name]} and {i + 1}.");
            }
        }
    }

    private static DotEnvOptions Format(string path) => new DotEnvOptions()
        .WithExceptions()
        .WithEnvFiles(path)
        .WithTrimValues()
        .WithSupportExportSyntax()
        .WithSupportInlineComments();

    [GeneratedRegex(@"^(export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=")]
    private static partial Regex Assignment();
}
