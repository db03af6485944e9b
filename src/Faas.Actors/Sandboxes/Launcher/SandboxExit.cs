using System.Text;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Sandboxes.Launcher;

/// <summary>How a sandbox died.</summary>
/// <param name="ExitCode">The exit status of bubblewrap; 137 after a kill.</param>
/// <param name="Stderr">The last <see cref="StderrBytes"/> that bubblewrap and the runtime wrote to stderr.</param>
public sealed record SandboxExit(int ExitCode, string Stderr)
{
    /// <summary>The bytes of stderr that are kept for the operator.</summary>
    public const int StderrBytes = 4096;

    /// <summary>An exit with the stderr that was kept. Bytes that are not UTF-8 become replacement characters.</summary>
    public static SandboxExit Of(int exitCode, ByteTail stderr) => new(exitCode, Encoding.UTF8.GetString(stderr.Read().Span));
}
