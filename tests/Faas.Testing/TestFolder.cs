namespace Faas.Testing;

/// <summary>
/// Folders below the system's folder for temporary files. A test may delete its own, and those that are still there when the
/// test process ends are deleted then: a test that kills its server, or fails, leaves nothing either.
/// </summary>
public static class TestFolder
{
    private const int Attempts = 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly List<string> s_folders = [];

    static TestFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteAll();

    /// <summary>Makes an empty folder of a name that no other has; its path.</summary>
    /// <param name="prefix">How its name begins.</param>
    public static string Create(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix).FullName;
        lock (s_folders)
        {
            s_folders.Add(folder);
        }

        return folder;
    }

    private static void DeleteAll()
    {
        string[] folders;
        lock (s_folders)
        {
            folders = [.. s_folders.Where(Directory.Exists)];
        }

        foreach (var folder in folders)
        {
            Delete(folder);
        }
    }

    // A server's Redis, which ends after the server, may still write into the folder.
    private static void Delete(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, true);
                return;
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                if (attempt == Attempts)
                {
                    Console.Error.WriteLine($"The folder {folder} is left: {busy.Message}");
                    return;
                }

                Thread.Sleep(s_pause);
            }
        }
    }
}
