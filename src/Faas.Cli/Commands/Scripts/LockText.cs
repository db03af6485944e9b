using System.Text.RegularExpressions;

namespace Faas.Cli.Commands.Scripts;

/// <summary>
/// The libraries in a version's lock, as a person reads them: <c>NAME VERSION</c>. The lock of a Python script is a file of requirements
/// with hashes, that of the other languages a <c>pnpm-lock.yaml</c> (docs/dependencies.md).
/// </summary>
internal static partial class LockText
{
    private const string Packages = "\npackages:\n";
    private const string Snapshots = "\nsnapshots:\n";

    /// <summary>The libraries in the order of the lock; empty: the text has none in either form.</summary>
    public static IEnumerable<string> LibrariesOf(string text) => LineOfPip().Matches(text)
        .Concat(LineOfPnpm().Matches(PackagesIn(text)))
        .Select(line => $"{line.Groups["name"].Value} {line.Groups["version"].Value}");

    private static string PackagesIn(string text) =>
        text.IndexOf(Packages, StringComparison.Ordinal) is var begin and >= 0
        && text.IndexOf(Snapshots, begin, StringComparison.Ordinal) is var end and >= 0
            ? text[begin..end]
            : "";

    [GeneratedRegex(@"^(?<name>[a-z0-9-]+)==(?<version>\S+) --hash=", RegexOptions.Multiline)]
    private static partial Regex LineOfPip();

    [GeneratedRegex(@"^  '?(?<name>(?:@[^@/\s']+/)?[^@/\s']+)@(?<version>[0-9][^:'(\s]*)", RegexOptions.Multiline)]
    private static partial Regex LineOfPnpm();
}
