using System.CommandLine;
using System.IO.Compression;
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

        // What is cut off must not look like an archive, nor take the place of an older one.
        var part = $"{file}.part";
        try
        {
            await using (var archive = Gzip.IsMeant(file)
                ? new GZipStream(File.Create(part), CompressionLevel.Optimal)
                : (Stream)File.Create(part))
            {
                await call.Client.Archives.ExportAsync(archive, prefix, call.Cancellation);
            }

            File.Move(part, file, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }

        call.Terminal.Remark($"{file} has {Figures.Size(new FileInfo(file).Length)}.");
        return ExitCode.Ok;
    }
}
