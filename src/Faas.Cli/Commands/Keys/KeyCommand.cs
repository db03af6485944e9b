using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Keys;

/// <summary><c>faas key</c>: lists, makes and ends the keys of the server.</summary>
internal static class KeyCommand
{
    private static readonly string[] s_scopes = ["invoke", "execute", "write", "read", "runs", "metrics", "admin"];

    /// <summary>Makes it.</summary>
    public static Command Make() => new Command("key", "lists, makes and ends keys") { List(), Create(), Remove() }
        .Example("faas key list", "faas key create ci --scope write --scope read --path math --expires 90d", "faas key rm ci");

    private static Command List() => new Command("list", "lists the keys, without their secrets")
        .Example("faas key list")
        .Does(async call =>
        {
            var keys = await call.Client.Keys.ListAsync(call.Cancellation);
            if (call.Terminal.IsJson)
            {
                call.Terminal.Json(keys, CliJson.Default.IReadOnlyListKey);
                return ExitCode.Ok;
            }

            call.Terminal.Table(
                ["NAME", "SCOPES", "PATHS", "SOURCE", "MADE", "EXPIRES", "RATE", "HOSTS"],
                keys.Select(key => (string[])
                [
                    key.Name,
                    string.Join(' ', key.Scopes),
                    string.Join(' ', key.Paths),
                    key.Source,
                    key.At is { } at ? Figures.Moment(at) : "",
                    key.ExpiresAt is { } end ? Figures.Moment(end) : "",
                    key.Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate.RequestsPerSecond}/{rate.Burst}") : "",
                    key.Network is { } hosts ? hosts.Count == 0 ? "none" : string.Join(' ', hosts) : "",
                ]));
            return ExitCode.Ok;
        });

    private static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "the key's name" };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "what its owner may do; may be repeated",
            HelpName = string.Join('|', s_scopes),
            Required = true,
        };
        scopes.CompletionSources.Add(s_scopes);
        scopes.Validators.Add(result => CommandBuilding.Check(
            result, scope => s_scopes.Contains(scope), $"one of {string.Join(", ", s_scopes)}"));
        var paths = new Option<string[]>("--path")
        {
            Description = "only for the scripts under this path; may be repeated",
            HelpName = "PATH",
        };
        var expires = new Option<string?>("--expires")
        {
            Description = "when it ends by itself: 90d, 12h, or a time such as 2030-01-31T12:00:00Z",
            HelpName = "WHEN",
        };
        expires.Validators.Add(result => CommandBuilding.Check(result, text => Expiry.Of(text, default) is not null, Expiry.Allowed));
        var rate = new Option<string?>("--rate")
        {
            Description = "requests a second, and how many at once, such as 5/20",
            HelpName = "N/BURST",
        };
        rate.Validators.Add(result => CommandBuilding.Check(result, text => RateOf(text) is not null, "N/BURST, such as 5/20"));
        var hosts = new Option<string[]>("--allow-host")
        {
            Description = "only this host may versions and code of its owner ask for; may be repeated",
            HelpName = "HOST[:PORT]",
        }.NotEmpty();
        var noHosts = new Option<bool>("--no-hosts") { Description = "no host at all may versions and code of its owner ask for" };
        var file = new Option<string?>("--out")
        {
            Description = "writes the secret into a new file that is its owner's alone, and does not show it",
            HelpName = "FILE",
        }.NotEmpty();
        return new Command("create", "makes a key, whose secret is given this once")
        {
            name, scopes, paths, expires, rate, hosts, noHosts, file,
        }
            .Example("faas key create ci --scope write --scope read --path math --expires 90d --out ci.key")
            .Does(async call =>
            {
                if (call.Get(noHosts) && call.Get(hosts) is { Length: > 0 })
                {
                    throw CliException.Usage("--no-hosts and --allow-host exclude each other.");
                }

                var key = new NewKey(call.Get(name)!, call.Get(scopes)!)
                {
                    Paths = call.Get(paths) is { Length: > 0 } given ? given : null,
                    ExpiresAt = call.Get(expires) is { } when ? Expiry.Of(when, DateTimeOffset.UtcNow) : null,
                    Rate = call.Get(rate) is { } text ? RateOf(text) : null,
                    Network = call.Get(noHosts) ? [] : call.Get(hosts) is { Length: > 0 } allowed ? allowed : null,
                };
                return call.Get(file) is { } target
                    ? await NewKeyFile.MakeAsync(call, key, target)
                    : Show(call.Terminal, await call.Client.Keys.CreateAsync(key, call.Cancellation));
            });
    }

    private static int Show(Terminal terminal, Key made)
    {
        if (terminal.IsJson)
        {
            terminal.Json(made, CliJson.Default.Key);
            return ExitCode.Ok;
        }

        terminal.Out.WriteLine(made.Secret);
        terminal.Remark("Keep it now: it is shown this once. With --out it goes into a file.");
        return ExitCode.Ok;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME") { Description = "the key's name" }.Completes(
            async (client, _, cancellation) => (await client.Keys.ListAsync(cancellation)).Select(key => key.Name));
        return new Command("rm", "ends a key") { name }.Example("faas key rm ci").Does(async call =>
        {
            await call.Client.Keys.DeleteAsync(call.Get(name)!, call.Cancellation);
            call.Terminal.Done(
                new JsonObject { ["name"] = call.Get(name), ["state"] = "deleted" }, $"The key {call.Get(name)} opens nothing any more.");
            return ExitCode.Ok;
        });
    }

    private static KeyRate? RateOf(string text) =>
        text.Split('/') is [var number, var burst]
        && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var perSecond)
        && int.TryParse(burst, NumberStyles.None, CultureInfo.InvariantCulture, out var most)
            ? new KeyRate(perSecond, most)
            : null;
}
