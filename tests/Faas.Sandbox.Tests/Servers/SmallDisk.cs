namespace Faas.Sandbox.Tests.Servers;

/// <summary>A file system of its own in memory, which can be full. Needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _ballast;

    private SmallDisk(string folder) => (Folder, _ballast) = (folder, Path.Combine(folder, "ballast"));

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Mounts one.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        var folder = TestFolder.Create("faas-disk-");
        HostProgram.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "faas-disk", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var file = File.OpenHandle(_ballast, FileMode.Create, FileAccess.Write);
        var bytes = new byte[4096];
        try
        {
            for (var at = 0L; ; at += bytes.Length)
            {
                RandomAccess.Write(file, bytes, at);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(_ballast);

    /// <inheritdoc />
    public void Dispose()
    {
        HostProgram.Run("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }
}
