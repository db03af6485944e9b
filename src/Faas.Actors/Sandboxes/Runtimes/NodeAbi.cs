using System.ComponentModel;
using System.Diagnostics;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Runtimes;

/// <summary>
/// The interface for machine code of a node binary: its <c>NODE_MODULE_VERSION</c>, a number
/// (https://nodejs.org/api/process.html#processversions). Addons that do without Node-API are for one such version alone.
/// </summary>
internal static class NodeAbi
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks the binary. It takes some tens of milliseconds. Throws <see cref="SandboxStartException"/>.</summary>
    public static string Ask(string node)
    {
        var start = new ProcessStartInfo(node, ["-p", "process.versions.modules"]) { RedirectStandardOutput = true };
        start.Environment.Clear();
        try
        {
            using var process = Process.Start(start)!;
            using var late = new Timer(_ => process.Kill(), null, s_patience, Timeout.InfiniteTimeSpan);
            var answer = process.StandardOutput.ReadToEnd().Trim();
            return answer.Length > 0 && answer.All(char.IsAsciiDigit)
                ? answer
                : throw new SandboxStartException($"{node} does not tell the version of its interface for machine code: \"{answer}\".");
        }
        catch (Win32Exception missing)
        {
            throw new SandboxStartException($"{node} cannot be run: {missing.Message}", missing);
        }
    }
}
