using Faas.Cli.Output;

namespace Faas.Cli.Connection;

/// <summary>
/// Which server is called, and with which key. The command line wins over the environment, the environment over the file.
/// </summary>
/// <param name="Url">The server.</param>
/// <param name="UrlFrom">Who says so.</param>
/// <param name="Key">The key; null: none.</param>
/// <param name="KeyFrom">Who says so; null: nobody.</param>
internal sealed record ServerAddress(Uri Url, string UrlFrom, string? Key, string? KeyFrom)
{
    /// <summary>The server that a <c>make run</c> on this machine is.</summary>
    public const string Default = "http://localhost:8080";

    /// <summary>The variable that names the server.</summary>
    public const string ServerVariable = "FAAS_SERVER";

    /// <summary>The variable that has the key.</summary>
    public const string KeyVariable = "FAAS_KEY";

    private const string StandardInput = "-";

    /// <summary>Finds them. Throws <see cref="CliException"/>.</summary>
    /// <param name="server">What <c>--server</c> says; null: nothing.</param>
    /// <param name="keyFile">What <c>--key-file</c> says; null: nothing.</param>
    /// <param name="variable">A variable of the environment by its name.</param>
    /// <param name="config">Reads the file, if it is needed.</param>
    /// <param name="input">Stdin, for a key file <c>-</c>.</param>
    public static ServerAddress Of(
        string? server, string? keyFile, Func<string, string?> variable, Func<ConfigFile> config, TextReader input)
    {
        var file = new Lazy<ConfigFile>(config);
        var (text, from) = server is { Length: > 0 } ? (server, "--server")
            : variable(ServerVariable) is { Length: > 0 } named ? (named, ServerVariable)
            : file.Value.Server is { Length: > 0 } kept ? (kept, "the configuration")
            : (Default, "the default");
        var url = Parse(text, from);
        var (key, keyFrom) = keyFile is { Length: > 0 } ? (ReadKey(keyFile, input), "--key-file")
            : variable(KeyVariable) is { Length: > 0 } given ? (given.Trim(), KeyVariable)
            : file.Value.Keys.GetValueOrDefault(NameOf(url)) is { Length: > 0 } remembered ? (remembered, "the configuration")
            : ((string?)null, (string?)null);
        return new ServerAddress(url, from, key, keyFrom);
    }

    /// <summary>How the file calls a server.</summary>
    public static string NameOf(Uri url) => url.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Reads a URL. Throws <see cref="CliException"/>, whose message has no password.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Who says it.</param>
    public static Uri Parse(string text, string from)
    {
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        return isUrl && url is { UserInfo: "", Query: "", Fragment: "" } ? url
            : (isUrl ? url!.UserInfo.Length > 0 : text.Contains('@', StringComparison.Ordinal)) ? throw CliException.Usage(
                $"{from} holds a user or a password, before an @. A server is called with a key, and an argument is no place for a secret: "
                + "every user of this machine can read it. Leave it out, and use `faas login`.")
            : throw CliException.Usage($"{from} is \"{text}\"; allowed is an http:// or https:// URL, such as {Default}.");
    }

    private static string ReadKey(string file, TextReader input)
    {
        try
        {
            var key = (file == StandardInput ? input.ReadToEnd() : OwnFile.Read(file)).Trim();
            return key.Length > 0 ? key : throw CliException.NotThere($"--key-file {file} is empty; it must hold a key.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw CliException.NotThere($"--key-file {file} cannot be read: {FileError.Of(failed)}.");
        }
    }
}
