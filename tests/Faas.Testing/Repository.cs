namespace Faas.Testing;

/// <summary>The checkout that the tests run from.</summary>
public static class Repository
{
    /// <summary>A file or folder by its path from the top.</summary>
    public static string File(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Faas.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Faas.sln was not found above the tests.");
        }

        return Path.Combine(folder.FullName, path);
    }
}
