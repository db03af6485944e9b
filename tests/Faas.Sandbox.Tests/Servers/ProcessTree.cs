using System.Globalization;

namespace Faas.Sandbox.Tests.Servers;

/// <summary>Who started whom, as /proc shows it.</summary>
internal static class ProcessTree
{
    /// <summary>A process's parent; 0 when it has ended.</summary>
    public static int ParentOf(int pid) => Look(pid)?.Parent ?? 0;

    /// <summary>The child of that name; 0 when there is none.</summary>
    public static int ChildOf(int parent, string name) => ChildrenOf(parent).FirstOrDefault(child => child.Name == name)?.Pid ?? 0;

    /// <summary>How many children have ended and were not asked after.</summary>
    public static int ZombiesOf(int parent) => ChildrenOf(parent).Count(child => child.State == 'Z');

    private static IEnumerable<Member> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? Look(pid) : null)
        .OfType<Member>()
        .Where(member => member.Parent == parent);

    private static Member? Look(int pid)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{pid}/status");
            string Field(string name) => status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
            return new Member(pid, int.Parse(Field("PPid:"), CultureInfo.InvariantCulture), Field("Name:"), Field("State:")[0]);
        }
        catch (IOException)
        {
            return null; // it ended while it was looked at
        }
    }

    private sealed record Member(int Pid, int Parent, string Name, char State);
}
