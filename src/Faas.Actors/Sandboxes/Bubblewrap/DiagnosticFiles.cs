using Faas.Actors.Linux;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>
/// What .NET's runtime lays into the temporary folder for its debugger and tools (two pipes and a socket), and leaves there
/// when its process is killed. They are named after the process: its pid, and the tick at which it started.
/// Source: dotnet/diagnostics, documentation/design-docs/ipc-protocol.md, "Naming and Location Conventions".
/// </summary>
internal static class DiagnosticFiles
{
    /// <summary>Removes those of a server that is no more.</summary>
    /// <param name="parent">The temporary folder.</param>
    /// <param name="identity">The server's <see cref="ServerIdentity"/>.</param>
    public static void RemoveOf(string parent, string identity)
    {
        var process = identity.Split('.')[0];
        foreach (var name in (string[])[$"clr-debug-pipe-{process}-in", $"clr-debug-pipe-{process}-out", $"dotnet-diagnostic-{process}-socket"])
        {
            File.Delete(Path.Combine(parent, name));
        }
    }
}
