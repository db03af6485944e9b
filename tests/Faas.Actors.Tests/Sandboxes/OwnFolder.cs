namespace Faas.Actors.Tests.Sandboxes;

/// <summary>A folder for one test, which is deleted after the test.</summary>
public abstract class OwnFolder : IDisposable
{
    /// <summary>The folder.</summary>
    protected string Folder { get; } = TestFolder.Create("faas-test-");

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Directory.Delete(Folder, true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a folder in the test's folder.</summary>
    protected string MakeFolder(params string[] path) => Directory.CreateDirectory(Path.Combine([Folder, .. path])).FullName;

    /// <summary>Makes a file in the test's folder, and the folders on the way to it.</summary>
    protected string MakeFile(string path, string text = "")
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
