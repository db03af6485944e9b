using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Connection;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Server;

/// <summary><c>faas login</c> and <c>faas logout</c>: remember a server and a key of it, and forget the key.</summary>
internal static class LoginCommand
{
    /// <summary>Makes the first.</summary>
    public static Command Make()
    {
        var url = Url();
        return new Command("login", "remembers a server, and a key of it") { url }
            .Example("faas login https://faas.example.org", "faas login https://faas.example.org --key-file my.key")
            .Does(call => LoginAsync(call, call.Get(url)));
    }

    /// <summary>Makes the second.</summary>
    public static Command MakeLogout()
    {
        var url = Url();
        return new Command("logout", "forgets the key of a server") { url }.Example("faas logout").Does(call =>
        {
            var file = ConfigFile.Location;
            var config = ConfigFile.Read(file);
            var name = ServerAddress.NameOf(call.Get(url) is { } text ? ServerAddress.Parse(text, "URL") : call.Address.Url);
            if (config.Keys.ContainsKey(name))
            {
                (config with { Keys = config.Keys.Where(key => key.Key != name).ToDictionary() }).Write(file);
            }

            call.Terminal.Done(
                new JsonObject { ["server"] = name, ["configuration"] = file, ["state"] = "logged out" },
                $"{file} has no key of {name}. The key itself still opens: `faas key rm` ends it.");
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static Argument<string?> Url() => new("URL")
    {
        Description = "the server; without it the one that is called now",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static async Task<int> LoginAsync(Call call, string? given)
    {
        var file = ConfigFile.Location;
        var config = ConfigFile.Read(file);
        var url = given is null ? call.Address.Url : ServerAddress.Parse(given, "URL");
        // A key of the command line or of the environment is the one that is meant; one that the file has may be the one to replace.
        var key = call.Address.KeyFrom is "--key-file" or ServerAddress.KeyVariable ? call.Address.Key!
            : await KeyOfAsync(call.Terminal, url, call.Cancellation);
        using var client = Call.ClientOf(new ServerAddress(url, "URL", key, "the terminal"));
        var version = await client.Server.GetVersionAsync(call.Cancellation);
        await CheckAsync(client, call.Cancellation);
        var name = ServerAddress.NameOf(url);
        var keys = config.Keys.Where(one => one.Key != name).Concat(key.Length > 0 ? [KeyValuePair.Create(name, key)] : []);
        (config with { Server = name, Keys = keys.ToDictionary() }).Write(file);
        var kept = key.Length > 0 ? "that and the key" : "that";
        call.Terminal.Done(
            new JsonObject
            {
                ["server"] = name,
                ["version"] = version,
                ["configuration"] = file,
                ["hasKey"] = key.Length > 0,
                ["state"] = "logged in",
            },
            $"{name} (version {version}) is the server from now on. {file} keeps {kept}.");
        return ExitCode.Ok;
    }

    private static async Task<string> KeyOfAsync(Terminal terminal, Uri url, CancellationToken cancellation) => (terminal.InputIsTerminal
        ? await Question.HiddenAsync(terminal, $"Key of {ServerAddress.NameOf(url)} (empty: it asks for none):", cancellation)
        : await Console.In.ReadToEndAsync(cancellation)).Trim();

    // A key without the scope that this route needs is known all the same.
    private static async Task CheckAsync(FaasClient client, CancellationToken cancellation)
    {
        try
        {
            await client.Scripts.PageAsync(limit: 1, cancellation: cancellation);
        }
        catch (FaasException refused) when (refused.Reason == "forbidden")
        {
        }
    }
}
