using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// The two pipes and the socket that .NET's runtime makes in the temporary folder for debuggers and tools. They stay there when
/// the process is killed. Their names hold the process's pid and the tick at which it started.
/// Source: dotnet/diagnostics, documentation/design-docs/ipc-protocol.md, "Naming and Location Conventions".
/// </summary>
internal static class DiagnosticFiles
{
    /// <summary>Removes the files of a dead server.</summary>
    /// <param name="parent">The temporary folder.</param>
    /// <param name="identity">The server's <see cref="ServerIdentity"/>.</param>
    public static void RemoveOf(string parent, string identity)
    {
        var process = identity.Split('.')[0];
        string[] names = [$"clr-debug-pipe-{process}-in", $"clr-debug-pipe-{process}-out", $"dotnet-diagnostic-{process}-socket"];
        foreach (var name in names)
        {
            File.Delete(Path.Combine(parent, name));
        }
    }
}
