using Faas.Actors.Scripts;

namespace Faas.Http.Access;

/// <summary>
/// The scripts that a key is for. A prefix names whole segments: <c>math</c> is for the script <c>math</c> and for all under <c>math/</c>,
/// but not for <c>mathematics</c>. Code that is sent along has no path, so the scope <c>execute</c> is not bounded by prefixes.
/// </summary>
public sealed class PathPrefixes : IEquatable<PathPrefixes>
{
    /// <summary>Comes before each prefix in a key's text.</summary>
    public const char Separator = '@';

    private readonly string[] _prefixes;

    private PathPrefixes(string[] prefixes) => _prefixes = prefixes;

    /// <summary>Every script.</summary>
    public static PathPrefixes All { get; } = new([]);

    /// <summary>The prefixes; none: every script.</summary>
    public IReadOnlyList<string> Roots => _prefixes;

    /// <summary>Whether the key is for every script.</summary>
    public bool IncludeAll => _prefixes.Length == 0;

    /// <summary>Reads the prefixes of a key; none: every script. Throws <see cref="FormatException"/>.</summary>
    public static PathPrefixes Parse(IReadOnlyList<string> texts)
    {
        string[] prefixes = [.. texts.Select(text => text.EndsWith('/') ? text[..^1] : text)];
        foreach (var prefix in prefixes)
        {
            if (ScriptPath.Check(prefix) is { } wrong)
            {
                throw new FormatException($"name:scope+scope@prefix:secret, where the prefix \"{prefix}\" {wrong}");
            }
        }

        return prefixes.Length == 0 ? All : new PathPrefixes(prefixes);
    }

    /// <summary>Whether the key is for the script at this path.</summary>
    public bool Include(string path) => IncludeAll || Array.Exists(_prefixes, prefix => ScriptPath.IsUnder(path, prefix));

    /// <inheritdoc />
    public bool Equals(PathPrefixes? other) => other is not null && _prefixes.AsSpan().SequenceEqual(other._prefixes);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as PathPrefixes);

    /// <inheritdoc />
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>For a person: <c>math, jobs</c>.</summary>
    public override string ToString() => string.Join(", ", _prefixes);
}
