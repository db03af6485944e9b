namespace Faas.Actors.Libraries;

/// <summary>The lock of a Python script's libraries: a line for each, <c>NAME==VERSION --hash=sha256:HASH</c>.</summary>
public static class PythonLock
{
    /// <summary>The most characters of a lock: it is stored with each version that has it.</summary>
    public const int MaxCharacters = 256 << 10;

    /// <summary>The libraries in it. Throws <see cref="FormatException"/> where it is no lock.</summary>
    public static IReadOnlyList<LibraryName> NamesOf(string @lock) =>
    [
        .. @lock.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line.IndexOf("==", StringComparison.Ordinal) is var end and > 0
            && LibraryName.TryParse(Ecosystem.PyPi, line[..end], out var name)
                ? name.Value
                : throw new FormatException($"The line '{line}' names no library.")),
    ];
}
