namespace Faas.Actors.Tests.Sandboxes;

/// <summary>A test's own folder, which goes with the test.</summary>
public abstract class OwnFolder : IDisposable
{
    /// <summary>The folder.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("faas-test-").FullName;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Directory.Delete(Folder, true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a folder in it.</summary>
    protected string MakeFolder(params string[] path) => Directory.CreateDirectory(Path.Combine([Folder, .. path])).FullName;

    /// <summary>Makes a file in it, and the folders on the way.</summary>
    protected string MakeFile(string path, string text = "")
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
