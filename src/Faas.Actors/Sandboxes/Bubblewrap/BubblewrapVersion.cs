using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Which bubblewrap is installed, and what it can do.</summary>
public sealed partial record BubblewrapVersion(int Major, int Minor)
{
    /// <summary>Sized tmpfs.</summary>
    public bool HasSize => (Major, Minor).CompareTo((0, 7)) >= 0;

    /// <summary>No new user namespaces inside.</summary>
    public bool HasDisableUserns => (Major, Minor).CompareTo((0, 8)) >= 0;

    /// <summary>Asks the program. Throws <see cref="SandboxStartException"/> when it is not there.</summary>
    public static async Task<BubblewrapVersion> AskAsync(string program, CancellationToken cancellation)
    {
        try
        {
            var answer = await Cli.Wrap(program).WithArguments("--version").WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(cancellation);
            return TryParse(answer.StandardOutput) ?? throw new SandboxStartException($"faas.sandbox.bubblewrap = \"{program}\" is not bubblewrap: it answers --version with \"{answer.StandardOutput.Trim()}\".");
        }
        catch (Win32Exception missing)
        {
            throw new SandboxStartException($"faas.sandbox.bubblewrap = \"{program}\" cannot be run ({(missing.InnerException ?? missing).Message}); install bubblewrap.", missing);
        }
    }

    /// <summary>Reads what it answers to <c>--version</c>; null when that is not bubblewrap's answer.</summary>
    public static BubblewrapVersion? TryParse(string answer) =>
        Number().Match(answer) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var major)
        && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new BubblewrapVersion(major, minor)
            : null;

    [GeneratedRegex(@"^bubblewrap ([0-9]+)\.([0-9]+)")]
    private static partial Regex Number();
}
