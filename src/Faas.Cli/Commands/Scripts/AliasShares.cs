using System.Globalization;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Scripts;

/// <summary>Reads what an alias is to name, where that is two versions: <c>1739000000=90 1739000600=10</c>.</summary>
internal static class AliasShares
{
    private const int All = 100;

    /// <summary>The two; null: it is one version. Throws <see cref="CliException"/>.</summary>
    public static AliasTarget? Parse(IReadOnlyList<string> target, string? sticky)
    {
        if (target is [var only] && !only.Contains('=', StringComparison.Ordinal))
        {
            return sticky is null ? null : throw CliException.Usage("--sticky is for two versions.");
        }

        AliasShare[] shares = [.. target.Select(Share)];
        var sum = shares.Sum(share => (long)share.Weight);
        return shares.Length == 2 && sum == All ? new AliasTarget(Split: shares, Sticky: sticky) : throw CliException.Usage(
            shares.Length != 2 ? "Calls are split between two versions: VERSION=WEIGHT VERSION=WEIGHT."
            : $"The weights add up to {sum}; they must add up to {All}.");
    }

    private static AliasShare Share(string text) =>
        text.Split('=') is [var version, var weight]
        && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var share)
            ? new AliasShare(number, share)
            : throw CliException.Usage($"\"{text}\" is no VERSION=WEIGHT, such as 1739000000=90.");
}
