using System.Text.RegularExpressions;

namespace Faas.Actors.Libraries;

/// <summary>
/// The lock of a Python script's libraries: a line for each, <c>NAME==VERSION --hash=sha256:HASH</c>, in ASCII. Each line must have that
/// form wholly, because pip reads more than one kind of line break, and options.
/// </summary>
public static partial class PythonLock
{
    /// <summary>The most characters of a lock: it is stored with each version that has it.</summary>
    public const int MaxCharacters = 256 << 10;

    /// <summary>Why the text is no lock; null: it is one.</summary>
    public static string? Fault(string text) =>
        text.Length == 0 ? "it names no library"
        : text.Length > MaxCharacters ? $"it has {text.Length} characters; allowed are {MaxCharacters}"
        : Lines(text).FirstOrDefault(line => !Line().IsMatch(line)) is { } wrong
            ? $"the line '{Shown(wrong)}' names no library with its hash"
            : null;

    /// <summary>The libraries in a lock. Throws <see cref="FormatException"/> where it is none.</summary>
    public static IReadOnlyList<LibraryName> NamesOf(string text) => Fault(text) is { } fault
        ? throw new FormatException($"The lock is damaged: {fault}.")
        : [.. Lines(text).Select(line => NameOf(line[..line.IndexOf('=', StringComparison.Ordinal)]))];

    /// <summary>The version of each library in a lock. Throws <see cref="FormatException"/> where it is none.</summary>
    public static IReadOnlyDictionary<LibraryName, string> VersionsOf(string text) => Fault(text) is { } fault
        ? throw new FormatException($"The lock is damaged: {fault}.")
        : Lines(text).Select(line => line.Split(' ')[0].Split("==")).GroupBy(parts => NameOf(parts[0]), parts => parts[1])
            .ToDictionary(library => library.Key, library => library.Last());

    private static string[] Lines(string text) => (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static string Shown(string line) => line.Length <= 100 ? line : $"{line[..100]}…";

    private static LibraryName NameOf(string text) => LibraryName.TryParse(Ecosystem.PyPi, text, out var name)
        ? name.Value
        : throw new FormatException($"'{text}' is no name of a library.");

    [GeneratedRegex(@"\A[a-z0-9]+(?:-[a-z0-9]+)*==[A-Za-z0-9.!+_-]+ --hash=sha256:[0-9a-f]{64}\z")]
    private static partial Regex Line();
}
