using System.CommandLine;
using Faas.Cli.Connection;

namespace Faas.Cli.Commands;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    /// <summary>Which server.</summary>
    public static Option<string?> Server { get; } = new("--server", "-s")
    {
        Description = $"the server's URL, else {ServerAddress.ServerVariable}, what the configuration says, or {ServerAddress.Default}",
        HelpName = "URL",
        Recursive = true,
    };

    /// <summary>Where the key is.</summary>
    public static Option<string?> KeyFile { get; } = new("--key-file")
    {
        Description = $"a file with a key of the server, - for stdin; else {ServerAddress.KeyVariable}, or what the configuration says",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>How results are written.</summary>
    public static Option<string?> Output { get; } = new Option<string?>("--output", "-o")
    {
        Description = "how results are written",
        HelpName = "json|table",
        Recursive = true,
    }.OneOf("json", "table");
}
