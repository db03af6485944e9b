using System.Text;
using System.Text.RegularExpressions;

namespace Faas.Actors.Scripts;

/// <summary>
/// What the settings of a version may be, on any server. Each check returns what is wrong, as a sentence that goes on after the name of
/// the setting; null: nothing.
/// </summary>
public static partial class SettingRules
{
    /// <summary>The most environment variables.</summary>
    public const int MostVariables = 100;

    /// <summary>The most bytes of all names and values of environment variables.</summary>
    public const int MostVariableBytes = 32 << 10;

    /// <summary>The beginning of names that the server keeps for itself.</summary>
    public const string ReservedVariables = "FAAS_";

    /// <summary>The most secrets.</summary>
    public const int MostSecrets = 50;

    /// <summary>The most libraries that an upload names.</summary>
    public const int MostDependencies = 100;

    /// <summary>The most characters of one of them.</summary>
    public const int MostDependencyLetters = 512;

    /// <summary>The most labels.</summary>
    public const int MostLabels = 50;

    /// <summary>The most bytes of a label's text.</summary>
    public const int MostLabelBytes = 256;

    /// <summary>The most bytes of a description.</summary>
    public const int MostDescriptionBytes = 4096;

    private const int ShownLetters = 40;

    /// <summary>
    /// Environment variables. Their names are those of POSIX (IEEE 1003.1, section 8.1), in lower case, too.
    /// </summary>
    public static string? CheckEnv(NamedTexts env) =>
        env.Entries.Select(entry => CheckVariable(entry.Key, entry.Value)).FirstOrDefault(wrong => wrong is not null)
        ?? (env.Entries.Count > MostVariables ? $"has {env.Entries.Count} variables; allowed are {MostVariables}"
            : env.Bytes > MostVariableBytes ? $"has {env.Bytes} bytes of names and values; allowed are {MostVariableBytes}"
            : null);

    /// <summary>The name of a secret, which is the name of a variable.</summary>
    public static string? CheckSecretName(string name) => CheckName(name)
        ?? (name.StartsWith("__", StringComparison.Ordinal)
            ? $"names {Quoted(name)}; names that begin with two _ belong to the languages" : null);

    /// <summary>The secrets that a version gets.</summary>
    public static string? CheckSecrets(SecretNames secrets) =>
        secrets.Names.Select(CheckSecretName).FirstOrDefault(wrong => wrong is not null)
        ?? (secrets.Names.Count > MostSecrets ? $"has {secrets.Names.Count} names; allowed are {MostSecrets}" : null);

    /// <summary>The name of an image.</summary>
    public static string? CheckImage(string image) =>
        ImageName().IsMatch(image)
            ? null
            : $"is {Quoted(image)}; a name has 1 to 40 letters, digits and -, in lower case, and a letter at its beginning";

    /// <summary>The libraries that an upload names. What they say is read by the language's installer.</summary>
    public static string? CheckDependencies(Dependencies dependencies) =>
        dependencies.Texts.FirstOrDefault(text => text.Length is 0 or > MostDependencyLetters || text.Any(char.IsControl)) is { } wrong
            ? $"has {Quoted(wrong)}; each is a name, perhaps with versions, of 1 to {MostDependencyLetters} characters"
            : dependencies.Texts.Count > MostDependencies
                ? $"has {dependencies.Texts.Count} libraries; allowed are {MostDependencies}"
                : null;

    /// <summary>Labels.</summary>
    public static string? CheckLabels(NamedTexts labels) =>
        labels.Entries.Select(entry => CheckLabel(entry.Key, entry.Value)).FirstOrDefault(wrong => wrong is not null)
        ?? (labels.Entries.Count > MostLabels ? $"has {labels.Entries.Count} labels; allowed are {MostLabels}" : null);

    /// <summary>A description, which may have several lines.</summary>
    public static string? CheckDescription(string description) =>
        Encoding.UTF8.GetByteCount(description) is var bytes and > MostDescriptionBytes
            ? $"has {bytes} bytes; allowed are {MostDescriptionBytes}"
            : description.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t'))
                ? "has a control character; allowed are those that end a line, and tabs"
                : null;

    private static string? CheckVariable(string name, string value) =>
        CheckName(name) ?? (value.Contains('\0') ? $"has a NUL character in {Quoted(name)}" : null);

    private static string? CheckName(string name) =>
        !Variable().IsMatch(name)
            ? $"names {Quoted(name)}; a name has 1 to 128 letters, digits and _, and no digit at its beginning"
            : name.StartsWith(ReservedVariables, StringComparison.Ordinal)
                ? $"names {Quoted(name)}; names that begin with {ReservedVariables} belong to the server"
                : null;

    private static string? CheckLabel(string name, string text) =>
        !Label().IsMatch(name)
            ? $"names {Quoted(name)}; a name has 1 to 63 letters, digits and -._/, and begins and ends with a letter or a digit"
            : Encoding.UTF8.GetByteCount(text) is var bytes and > MostLabelBytes
                ? $"has {bytes} bytes in {Quoted(name)}; allowed are {MostLabelBytes}"
                : text.Any(char.IsControl) ? $"has a control character in {Quoted(name)}" : null;

    private static string Quoted(string name) => name.Length <= ShownLetters ? $"\"{name}\"" : $"\"{name[..ShownLetters]}…\"";

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,127}\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z")]
    private static partial Regex ImageName();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Label();
}
