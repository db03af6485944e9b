using System.CommandLine;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Commands.Keys;

/// <summary><c>faas secret</c>: writes the secrets that scripts get. No command shows a value.</summary>
internal static class SecretCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make() =>
        new Command("secret", "lists, writes and deletes the secrets of scripts") { List(), Set(), Remove(), Rotate() }.Example(
            "faas secret list", "faas secret set MAIL_KEY --path mail < mail.key", "faas secret rm MAIL_KEY", "faas secret rotate");

    private static Command List() => new Command("list", "lists the secrets, without their values")
        .Example("faas secret list")
        .Does(async call =>
        {
            var secrets = await call.Client.Secrets.ListAsync(call.Cancellation);
            if (call.Terminal.IsJson)
            {
                call.Terminal.Json(secrets, CliJson.Default.IReadOnlyListSecret);
                return ExitCode.Ok;
            }

            call.Terminal.Table(
                ["NAME", "PATHS", "WRITTEN", "KEY"],
                secrets.Select(secret => (string[])
                [
                    secret.Name, string.Join(' ', secret.Paths), Figures.Moment(secret.UpdatedAt), secret.Key,
                ]));
            return ExitCode.Ok;
        });

    private static Command Set()
    {
        var name = new Argument<string>("NAME") { Description = "the secret's name, which is its name in scripts, too" };
        var file = new Option<string?>("--file", "-f")
        {
            Description = "a file with the value; without it the value is read from stdin, or asked for",
            HelpName = "FILE",
        }.NotEmpty();
        var paths = new Option<string[]>("--path")
        {
            Description = "only for the scripts under this path; may be repeated",
            HelpName = "PATH",
        };
        return new Command("set", "writes a secret") { name, file, paths }
            .Example("faas secret set MAIL_KEY", "faas secret set MAIL_KEY --path mail --path news --file mail.key")
            .Does(async call =>
            {
                var value = await ValueOfAsync(call, call.Get(file), call.Get(name)!);
                var prefixes = call.Get(paths) is { Length: > 0 } given ? given : null;
                var secret = await call.Client.Secrets.WriteAsync(call.Get(name)!, value, prefixes, call.Cancellation);
                if (call.Terminal.IsJson)
                {
                    call.Terminal.Json(secret, CliJson.Default.Secret);
                }

                call.Terminal.Remark(secret.Paths.Count == 0
                    ? $"Every script may use {secret.Name}; --path limits it."
                    : $"The scripts under {string.Join(", ", secret.Paths)} may use {secret.Name}.");
                return ExitCode.Ok;
            });
    }

    // Programs and editors end a file with a line break, which is hardly ever part of a password.
    private static async Task<string> ValueOfAsync(Call call, string? file, string name)
    {
        if (file is null && call.Terminal.InputIsTerminal)
        {
            return await Question.HiddenAsync(call.Terminal, $"{name}:", call.Cancellation);
        }

        var text = SourceFile.Text(file ?? SourceFile.StandardInput);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME") { Description = "the secret's name" }.Completes(
            async (client, _, cancellation) => (await client.Secrets.ListAsync(cancellation)).Select(secret => secret.Name));
        return new Command("rm", "deletes a secret") { name }.Example("faas secret rm MAIL_KEY").Does(async call =>
        {
            await call.Client.Secrets.DeleteAsync(call.Get(name)!, call.Cancellation);
            call.Terminal.Done(new JsonObject { ["name"] = call.Get(name), ["state"] = "deleted" }, $"{call.Get(name)} is deleted.");
            return ExitCode.Ok;
        });
    }

    private static Command Rotate()
    {
        var sameKey = new Option<bool>("--no-new-key") { Description = "takes the first key of the server's key file, and makes none" };
        return new Command("rotate", "encrypts all secrets with another key") { sameKey }
            .Example("faas secret rotate")
            .Does(async call =>
            {
                var done = await call.Client.Secrets.RotateAsync(!call.Get(sameKey), call.Cancellation);
                if (call.Terminal.IsJson)
                {
                    call.Terminal.Json(new JsonObject
                    {
                        ["key"] = done.Key,
                        ["encrypted"] = done.Encrypted,
                        ["lost"] = new JsonArray([.. done.Lost.Select(lost => (JsonNode)lost)]),
                    });
                }
                else
                {
                    call.Terminal.Out.WriteLine($"{done.Encrypted} secrets are encrypted with the key {done.Key}.");
                }

                if (done.Lost.Count > 0)
                {
                    call.Terminal.Complain(
                        $"No key of the key file decrypts {string.Join(", ", done.Lost)}; write them anew.",
                        ExitCode.WordOf(ExitCode.Failed));
                }

                return done.Lost.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
            });
    }
}
