namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>
/// The environment of every process in a sandbox. Bubblewrap's own processes have it too, because /proc shows a script their
/// environment.
/// </summary>
public static class SandboxEnvironment
{
    /// <summary>The folder inside with the interpreters of the runtimes.</summary>
    public const string RuntimePrograms = "/faas-bin";

    /// <summary>All variables. No variable of the server is passed on.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["PATH"] = $"{RuntimePrograms}:/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = "/tmp",
        ["LANG"] = "C.UTF-8",
    };
}
