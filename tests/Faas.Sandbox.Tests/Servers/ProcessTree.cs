using System.Globalization;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>Who started whom, as /proc shows it.</summary>
internal static class ProcessTree
{
    /// <summary>A process's parent; 0 when it has ended.</summary>
    public static int ParentOf(int pid)
    {
        try
        {
            return int.Parse(Field(pid, "PPid:"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The child of that name; 0 when there is none.</summary>
    public static int ChildOf(int parent, string name) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .FirstOrDefault(pid => pid > 0 && ParentOf(pid) == parent && NameOf(pid) == name);

    private static string NameOf(int pid)
    {
        try
        {
            return Field(pid, "Name:");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Field(int pid, string name) =>
        File.ReadAllLines($"/proc/{pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
