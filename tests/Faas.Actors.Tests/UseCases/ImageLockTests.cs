using Faas.Actors.Runs;
using Faas.Actors.Runs.Images;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Xunit;

namespace Faas.Actors.Tests.UseCases;

public sealed class ImageLockTests : IDisposable
{
    private static readonly string s_hash = new('0', 64);
    private readonly string _folder = Directory.CreateTempSubdirectory("faas-image-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_library_of_the_lock_that_the_image_has_in_another_version_is_refused_with_both_versions()
    {
        var (first, second) = (Folder("a", "numpy-1.24.2.egg-info", "Ruamel_YAML-1.0.dist-info"), Folder("b", "numpy-2.0.dist-info"));
        var images = new LibraryImages(
        [
            new LibraryImage("data", Runtime.Python, [first, second], [], 0), new LibraryImage("web", Runtime.Node, [first], [], 0),
        ]);
        var refused = ImageLock.Refuse(images, "data", Locked(Language.Python, "numpy==9.9.9", "ruamel-yaml==2.0", "zlib==1"));
        Assert.Equal(
            ((Reason?)Reason.Dependencies,
                "The image \"data\" has numpy 1.24.2, ruamel-yaml 1.0, and the script would import that, but its lock has numpy 9.9.9, "
                + "ruamel-yaml 2.0. Require numpy==1.24.2, ruamel-yaml==1.0, or leave out \"image\"."),
            (refused?.Reason, refused?.Detail));

        Assert.Null(ImageLock.Refuse(images, "data", Locked(Language.Python, "numpy==1.24.2", "ruamel-yaml==1", "zlib==1")));
        Assert.Null(ImageLock.Refuse(images, null, Locked(Language.Python, "numpy==9.9.9")));
        Assert.Null(ImageLock.Refuse(images, "data", ScriptCode.Of(Language.Python, "return 1")));
        Assert.Null(ImageLock.Refuse(images, "web", Locked(Language.JavaScript, "numpy==9.9.9")));
    }

    private static ScriptCode Locked(Language language, params string[] libraries) => ScriptCode.Of(language, "return 1")
        .With(string.Concat(libraries.Select(library => $"{library} --hash=sha256:{s_hash}\n")));

    private string Folder(string name, params string[] records)
    {
        foreach (var record in records)
        {
            Directory.CreateDirectory(Path.Combine(_folder, name, record));
        }

        return Path.Combine(_folder, name);
    }
}
