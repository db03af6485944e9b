namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>The environment of everything in a sandbox, of bubblewrap's own processes too, because /proc shows it to scripts.</summary>
public static class SandboxEnvironment
{
    /// <summary>All of it: nothing of the server's own environment is passed on.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = "/tmp",
        ["LANG"] = "C.UTF-8",
    };
}
