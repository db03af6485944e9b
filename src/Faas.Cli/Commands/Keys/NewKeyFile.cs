using System.Text;
using System.Text.Json;
using Faas.Cli.Connection;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Keys;

/// <summary>
/// Makes a key whose secret goes into a file and nowhere else: not into the scrollback of a terminal, nor into a file that others may read.
/// The file is made first, so that no key is made whose secret cannot be kept.
/// </summary>
internal static class NewKeyFile
{
    /// <summary>Makes both. Throws <see cref="CliException"/>, also if there is such a file.</summary>
    public static async Task<int> MakeAsync(Call call, NewKey key, string file)
    {
        Key made;
        await using var stream = Create(file);
        try
        {
            made = await call.Client.Keys.CreateAsync(key, call.Cancellation);
        }
        catch (FaasException)
        {
            File.Delete(file);
            throw; // the server has made no key
        }
        catch
        {
            File.Delete(file);
            call.Terminal.Remark($"The key {key.Name} may have been made all the same; `faas key rm {key.Name}` ends it.");
            throw;
        }

        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{made.Secret}\n"), CancellationToken.None);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception failed) when (failed is IOException or ArgumentOutOfRangeException)
        {
            File.Delete(file);
            throw new CliException(
                ExitCode.NotWritten,
                $"The key {made.Name} is made, but {file} cannot be written: {FileError.Of(failed)}. "
                + $"`faas key rm {made.Name}` ends the key.");
        }

        var said = JsonSerializer.SerializeToNode(made with { Secret = null }, CliJson.Default.Key)!.AsObject();
        said["file"] = file;
        call.Terminal.Done(said, $"{file} has the secret of the key {made.Name}; `--key-file {ShellWord.Of(file)}` uses it.");
        return ExitCode.Ok;
    }

    private static FileStream Create(string file)
    {
        try
        {
            return OwnFile.Create(file, FileMode.CreateNew);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(file) || Directory.Exists(file)
                ? CliException.Usage($"{file} exists; --out writes a new file and replaces none.")
                : CliException.NotWritten(file, failed);
        }
    }
}
