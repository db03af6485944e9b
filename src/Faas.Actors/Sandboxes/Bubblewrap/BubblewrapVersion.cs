using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>The version of the installed bubblewrap, which tells the options that it has.</summary>
public sealed partial record BubblewrapVersion(int Major, int Minor)
{
    /// <summary>Whether it has <c>--size</c>, which bounds a tmpfs.</summary>
    public bool HasSize => (Major, Minor).CompareTo((0, 7)) >= 0;

    /// <summary>Whether it has <c>--disable-userns</c>, which forbids new user namespaces inside.</summary>
    public bool HasDisableUserns => (Major, Minor).CompareTo((0, 8)) >= 0;

    /// <summary>Runs the program. Throws <see cref="SandboxStartException"/> when it cannot be run or is not bubblewrap.</summary>
    public static async Task<BubblewrapVersion> AskAsync(string program, CancellationToken cancellation)
    {
        try
        {
            var ran = await Cli.Wrap(program)
                .WithArguments("--version")
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellation);
            return TryParse(ran.StandardOutput) ?? throw new SandboxStartException(
                $"faas.sandbox.bubblewrap = \"{program}\" is not bubblewrap: "
                + $"it answers --version with \"{ran.StandardOutput.Trim()}\".");
        }
        catch (Win32Exception missing)
        {
            var why = (missing.InnerException ?? missing).Message;
            throw new SandboxStartException(
                $"faas.sandbox.bubblewrap = \"{program}\" cannot be run ({why}); install bubblewrap.", missing);
        }
    }

    /// <summary>Reads the output of <c>bwrap --version</c>; null when it is not bubblewrap's.</summary>
    public static BubblewrapVersion? TryParse(string output) =>
        Number().Match(output) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var major)
        && int.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new BubblewrapVersion(major, minor)
            : null;

    [GeneratedRegex(@"^bubblewrap ([0-9]+)\.([0-9]+)")]
    private static partial Regex Number();
}
