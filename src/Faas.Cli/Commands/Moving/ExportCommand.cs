using System.CommandLine;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Cli.Sources;

namespace Faas.Cli.Commands.Moving;

/// <summary><c>faas export</c>: writes all scripts of the server into an archive.</summary>
internal static class ExportCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "the archive; compressed if its name ends in .gz; without it, or with -, stdout",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var prefix = new Option<string?>("--prefix") { Description = "only the scripts whose paths begin with this", HelpName = "PATH" };
        return new Command("export", "writes all scripts of the server into an archive") { file, prefix }
            .Example("faas export backup.ndjson.gz", "faas export --prefix math/ > math.ndjson")
            .Does(call => ExportAsync(call, call.Get(file), call.Get(prefix)));
    }

    private static async Task<int> ExportAsync(Call call, string? file, string? prefix)
    {
        if (file is null or SourceFile.StandardInput)
        {
            await using var output = new StandardOutput();
            await call.Client.Archives.ExportAsync(output, prefix, call.Cancellation);
            return ExitCode.Ok;
        }

        long bytes = 0;
        await WholeFile.WriteAsync(file, async output =>
        {
            await using var archive = Gzip.IsMeant(file) ? new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true) : null;
            await call.Client.Archives.ExportAsync(archive ?? output, prefix, call.Cancellation);
            if (archive is not null)
            {
                await archive.DisposeAsync(); // it writes the end of the archive
            }

            bytes = output.CanSeek ? output.Length : 0;
        });
        call.Terminal.Done(
            new JsonObject { ["file"] = file, ["bytes"] = bytes, ["state"] = "exported" }, $"{file} has {Figures.Size(bytes)}.");
        return ExitCode.Ok;
    }
}
