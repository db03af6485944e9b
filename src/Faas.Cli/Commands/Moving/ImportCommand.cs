using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO.Compression;
using Faas.Actors.Storage.Redis;
using Faas.Cli.GoFaas;
using Faas.Cli.Output;
using Faas.Cli.Sources;
using Faas.Client;

namespace Faas.Cli.Commands.Moving;

/// <summary><c>faas import</c>: has the server take the scripts of an archive, or of a go-faas.</summary>
internal static class ImportCommand
{
    private const string PasswordVariable = "REDIS_PASSWORD";

    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "the archive, compressed if its name ends in .gz; - for stdin",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var redis = new Option<string?>("--redis")
        {
            Description = $"the Redis of a go-faas, in the place of an archive; its password is given by {PasswordVariable}",
            HelpName = "URL",
        };
        redis.Validators.Add(Check);
        var onto = new Option<string?>("--onto") { Description = "puts the scripts below this path", HelpName = "PATH" };
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "stores nothing, and says what an import would do" };
        var skip = new Option<bool>("--skip-broken")
        {
            Description = "leaves out versions whose code cannot be taken; an import from go-faas always does",
        };
        return new Command("import", "has the server take the scripts of an archive, or of a go-faas") { file, redis, onto, dryRun, skip }
            .Example(
                "faas import backup.ndjson.gz --dry-run",
                "faas import backup.ndjson.gz --onto copies",
                "faas import --redis redis://localhost:6379/0")
            .Does(call =>
            {
                var options = new ImportOptions { Onto = call.Get(onto), DryRun = call.Get(dryRun), SkipBroken = call.Get(skip) };
                return (call.Get(file), call.Get(redis)) switch
                {
                    ({ } archive, null) => FromFileAsync(call, archive, options),
                    (null, { } url) => FromGoFaasAsync(call, RedisUrl.Parse(url)!, options),
                    _ => throw CliException.Usage(
                        "Say either the FILE of an archive (- for stdin), or --redis with the Redis of a go-faas."),
                };
            });
    }

    // No message repeats a password, nor what may be one.
    private static void Check(OptionResult result)
    {
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            var address = RedisUrl.Parse(text);
            if (address is { Password.Length: > 0 } || (address is null && text.Contains('@', StringComparison.Ordinal)))
            {
                result.AddError(
                    "--redis holds a password, and every user of this machine can read the arguments of a process. Leave it out, and give "
                    + $"it by {PasswordVariable}; a user is written as redis://USER:@host.");
            }
            else if (address is null)
            {
                result.AddError(CommandBuilding.Wrong("--redis", text, "redis://host[:port][/database], or rediss:// for TLS"));
            }
        }
    }

    private static async Task<int> FromFileAsync(Call call, string file, ImportOptions options)
    {
        await using var input = file == SourceFile.StandardInput ? Console.OpenStandardInput() : SourceFile.Open(file);
        await using var archive = Gzip.IsMeant(file) ? new GZipStream(input, CompressionMode.Decompress) : input;
        var report = await call.Client.Archives.ImportAsync(new StreamContent(archive), options, call.Cancellation);
        return ImportText.Tell(call.Terminal, report, []);
    }

    // go-faas has checked nothing, so one broken version must not keep its whole script back.
    private static async Task<int> FromGoFaasAsync(Call call, RedisEndpoint address, ImportOptions options)
    {
        var password = Environment.GetEnvironmentVariable(PasswordVariable) ?? "";
        await using var redis = await RedisConnection.OpenAsync(address with { Password = password }, call.Cancellation);
        var archive = new GoFaasArchive(new GoFaasStore(redis));
        using var content = new WrittenContent(archive.WriteAsync);
        var report = await call.Client.Archives.ImportAsync(content, options with { SkipBroken = true }, call.Cancellation);
        return ImportText.Tell(call.Terminal, report, archive.NotTaken);
    }
}
