using Faas.Actors.Libraries;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Scripts;

namespace Faas.Actors.UseCases;

/// <summary>
/// Whether a Python script with an image can have the libraries of its lock. What the image has comes first on <c>sys.path</c>, and has
/// perhaps been loaded; so another version in the lock would not be the one that runs, and the lock would not say what does.
/// </summary>
public static class ImageLock
{
    /// <summary>Why the code cannot be stored or run with the image; null: it can.</summary>
    /// <param name="images">The images of this server.</param>
    /// <param name="image">The name of the image; null: the code has none.</param>
    /// <param name="code">The code, with its lock.</param>
    public static Outcome? Refuse(LibraryImages images, string? image, ScriptCode code)
    {
        if (image is null || code is not { Language: Language.Python, Lock: { } @lock } || images.Find(image) is not { } chosen)
        {
            return null;
        }

        var wrong = Differing(ImageLibraries.In(chosen.Packages), PythonLock.VersionsOf(@lock)).ToArray();
        return wrong.Length == 0 ? null : new Outcome(Reason.Dependencies) { Detail = Sentence(image, wrong), Warmth = null };
    }

    /// <summary>The libraries that an image and a lock have in different versions, in the order of their names.</summary>
    /// <param name="ofImage">Those of the image, in the order of the search: names and versions.</param>
    /// <param name="locked">Those of the lock.</param>
    public static IEnumerable<(string Name, string OfImage, string Locked)> Differing(
        IEnumerable<KeyValuePair<string, string>> ofImage, IReadOnlyDictionary<LibraryName, string> locked)
    {
        var first = new Dictionary<LibraryName, string>();
        foreach (var (text, version) in ofImage)
        {
            if (LibraryName.TryParse(Ecosystem.PyPi, text, out var name))
            {
                first.TryAdd(name.Value, version);
            }
        }

        return locked
            .Where(library => first.TryGetValue(library.Key, out var version)
                && !ImageLibraries.IsSameVersion(version, library.Value))
            .Select(library => (library.Key.Text, first[library.Key], library.Value))
            .OrderBy(library => library.Text, StringComparer.Ordinal);
    }

    private static string Sentence(string image, (string Name, string OfImage, string Locked)[] wrong)
    {
        var has = string.Join(", ", wrong.Select(one => $"{one.Name} {one.OfImage}"));
        var needs = string.Join(", ", wrong.Select(one => $"{one.Name} {one.Locked}"));
        var require = string.Join(", ", wrong.Select(one => $"{one.Name}=={one.OfImage}"));
        return $"The image \"{image}\" has {has}, and the script would import that, but its lock has {needs}. "
            + $"Require {require}, or leave out \"image\".";
    }
}
