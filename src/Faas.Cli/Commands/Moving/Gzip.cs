namespace Faas.Cli.Commands.Moving;

/// <summary>Which archives are compressed.</summary>
internal static class Gzip
{
    /// <summary>Whether the file's name says so.</summary>
    public static bool IsMeant(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
