using Faas.Actors.Configuration;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Images;

/// <summary><c>faas.images</c> of hocon/faas.conf: the images with libraries that scripts may choose from.</summary>
public sealed class LibraryImages
{
    /// <summary>The section, whose members are the names of images.</summary>
    public const string Section = "faas.images";

    private readonly Dictionary<string, LibraryImage> _byName;

    /// <summary>These images, whose names differ.</summary>
    public LibraryImages(IReadOnlyList<LibraryImage> all)
    {
        All = all;
        _byName = all.ToDictionary(image => image.Name);
    }

    /// <summary>No image.</summary>
    public static LibraryImages None { get; } = new([]);

    /// <summary>All of them, in the order in which they are written.</summary>
    public IReadOnlyList<LibraryImage> All { get; }

    /// <summary>Reads and checks the section. Throws <see cref="SettingException"/>.</summary>
    public static LibraryImages From(Settings settings) => settings.MembersOf(Section) is { Count: > 0 } names
        ? new([.. names.Select(name => LibraryImage.From(settings, name))])
        : None;

    /// <summary>The image of this name; null: there is none.</summary>
    public LibraryImage? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Why scripts of a runtime cannot have the image of this name, as a sentence that names the images that there are; null: they can.
    /// </summary>
    public string? Refusal(string name, Runtime runtime)
    {
        if (Find(name)?.Runtime == runtime)
        {
            return null;
        }

        var known = string.Join(", ", All.Where(image => image.Runtime == runtime).Select(image => image.Name));
        return $"\"image\" is \"{name}\"; "
            + (known.Length > 0 ? $"the images of {runtime.ToWire()} are: {known}" : $"there is no image of {runtime.ToWire()}")
            + $" ({Section}).";
    }
}
