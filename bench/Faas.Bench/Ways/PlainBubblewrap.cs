using System.Diagnostics;

namespace Faas.Bench.Ways;

/// <summary>bubblewrap with the flags that go-faas gives it: namespaces and read-only folders, nothing against a hostile script.</summary>
internal static class PlainBubblewrap
{
    private static readonly string[] s_system =
        [.. new[] { "/usr", "/bin", "/lib", "/lib64", "/etc/alternatives" }.Where(Directory.Exists)];

    /// <summary>How to start a command in it, with stdin and stdout as pipes.</summary>
    /// <param name="bubblewrap">The bwrap program.</param>
    /// <param name="binds">Host paths, and where they are inside.</param>
    /// <param name="command">What runs.</param>
    public static ProcessStartInfo Start(
        string bubblewrap, IEnumerable<(string Host, string Inside)> binds, params IEnumerable<string> command) => new(
        bubblewrap,
        [
            "--unshare-all", "--die-with-parent",
            .. s_system.SelectMany(folder => (string[])["--ro-bind", folder, folder]),
            "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
            .. binds.SelectMany(bind => (string[])["--ro-bind", bind.Host, bind.Inside]),
            "--", .. command,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
}
