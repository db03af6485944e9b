using Faas.Client;

namespace Faas.Cli.Commands.Scripts;

/// <summary>Writes what an alias names, in the form in which the command line takes it.</summary>
internal static class AliasText
{
    /// <summary>Of an alias.</summary>
    public static string Of(ScriptAlias alias) => Of(new AliasTarget(alias.Version, alias.Split, alias.Sticky));

    /// <summary>Of a target.</summary>
    public static string Of(AliasTarget target) => target switch
    {
        { Version: { } version } => $"{version}",
        { Split: { } split } => string.Join(' ', split.Select(share => $"{share.Version}={share.Weight}"))
            + (target.Sticky is { } header ? $" --sticky {header}" : ""),
        _ => "",
    };
}
