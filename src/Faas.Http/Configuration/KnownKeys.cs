using Faas.Actors.Json;
using Faas.Actors.Runs.Images;
using Faas.Http.Configuration.Hocon;

namespace Faas.Http.Configuration;

/// <summary>
/// The keys of the shipped file, and so all that exist. Without this check a misspelt key in an override would be ignored in silence.
/// </summary>
public sealed class KnownKeys
{
    // faas.images.NAME
    private const int ImageDepth = 3;

    private readonly HashSet<string> _values;
    private readonly HashSet<string> _sections;

    private KnownKeys(IReadOnlyList<HoconEntry> shipped)
    {
        _values = [.. shipped.Where(entry => entry.Kind != HoconKind.Section).Select(entry => entry.Path)];
        _sections = [HoconReader.Akka, .. _values.SelectMany(SectionsOf)];
    }

    /// <summary>Those of the given entries.</summary>
    public static KnownKeys Of(IReadOnlyList<HoconEntry> shipped) => new(shipped);

    /// <summary>Every key that has a value.</summary>
    public IReadOnlyCollection<string> All => _values;

    /// <summary>Why the key of an override is wrong, as half a sentence; null: it is not.</summary>
    public string? Refusal(HoconEntry entry)
    {
        var path = entry.Path;
        if (entry.Root == HoconReader.Akka)
        {
            return null;
        }

        var isSection = entry.Kind == HoconKind.Section;
        return (isSection ? _sections : _values).Contains(path) ? null
            : path == LibraryImages.Section || path.StartsWith($"{LibraryImages.Section}.", StringComparison.Ordinal)
                ? RefusalOfImage(path, isSection)
            : RetiredSettings.Refusal(path) is { } retired ? $"\"{path}\": {retired}"
            : _values.Contains(path) ? $"\"{path}\" is a value, not a section"
            : _sections.Contains(path) ? $"\"{path}\" is a section, not a value"
            : $"\"{path}\": no such {(isSection ? "section" : "setting")}"
                + (NearestTo(path) is { } nearest ? $"; did you mean \"{nearest}\"?" : "");
    }

    /// <summary>Why the entries of an override name an image and say nothing of it, as half a sentence; null: they do not.</summary>
    public static (HoconEntry Image, string Why)? RefusalOfEmptyImage(IReadOnlyList<HoconEntry> entries) =>
        entries.FirstOrDefault(entry => entry.Kind == HoconKind.Section
            && entry.Path.StartsWith($"{LibraryImages.Section}.", StringComparison.Ordinal)
            && !entries.Any(other => other.Path.StartsWith($"{entry.Path}.", StringComparison.Ordinal))) is { } empty
            ? (empty, $"\"{empty.Path}\" has no settings; an image needs {LibraryImage.Keys[0]}")
            : null;

    // The operator names the images, so the shipped file does not have these keys.
    private static string? RefusalOfImage(string path, bool isSection)
    {
        var parts = path.Split('.');
        var isSectionHere = parts.Length <= ImageDepth;
        var keys = string.Join(", ", LibraryImage.Keys);
        return isSection != isSectionHere ? $"\"{path}\" is a {(isSection ? "value, not a section" : "section, not a value")}"
            : isSection || (parts.Length == ImageDepth + 1 && LibraryImage.Keys.Contains(parts[^1])) ? null
            : $"\"{path}\": no such setting; those of an image are {keys}";
    }

    /// <summary>
    /// The key that was probably meant: one whose first wrong part is nearly right, or else one that ends with the same part elsewhere.
    /// </summary>
    private string? NearestTo(string path)
    {
        var parts = path.Split('.');
        var right = Enumerable.Range(0, parts.Length).TakeWhile(count => count == 0 || _sections.Contains(Join(parts, count))).Last();
        var section = Join(parts, right);
        var children = _values.Concat(_sections).Select(key => ChildOf(key, section)).OfType<string>().Distinct();
        if (NearestName.Of(parts[right], children) is { } child)
        {
            var found = section.Length == 0 ? child : $"{section}.{child}";
            var rest = string.Concat(parts.Skip(right + 1).Select(part => $".{part}"));
            return _values.Contains(found + rest) ? found + rest : found;
        }

        return _values.Order(StringComparer.Ordinal).FirstOrDefault(key => key.EndsWith($".{parts[^1]}", StringComparison.Ordinal));
    }

    private static string? ChildOf(string key, string section) =>
        section.Length == 0 ? key.Split('.')[0]
        : key.StartsWith($"{section}.", StringComparison.Ordinal) ? key[(section.Length + 1)..].Split('.')[0]
        : null;

    private static IEnumerable<string> SectionsOf(string key)
    {
        var parts = key.Split('.');
        return Enumerable.Range(1, parts.Length - 1).Select(count => Join(parts, count));
    }

    private static string Join(string[] parts, int count) => string.Join('.', parts.Take(count));
}
