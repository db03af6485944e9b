using System.IO.Compression;
using System.Text.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.GoFaas;
using Faas.Actors.Storage.Redis;

namespace Faas.Http.Client;

/// <summary>
/// <c>faas-server export</c> and <c>faas-server import</c>: clients of a running server, so that one process alone writes to its store,
/// and what is imported is in force at once. They end with a status of sysexits.h: 0 where all was done, 1 where something was not taken.
/// </summary>
public sealed class MovingVerbs(MovingArguments arguments, Stream input, Stream output, TextWriter log)
{
    private const int Ok = 0;
    private const int NotAll = 1;
    private const int NoInput = 66;
    private const int Unavailable = 69;
    private const string Compressed = ".gz";
    private static readonly TimeSpan s_redisTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Exports; the exit status.</summary>
    public Task<int> ExportAsync(CancellationToken cancellation) => GuardAsync(async server =>
    {
        if (arguments.File is null or "-")
        {
            await server.ExportAsync(arguments.Prefix, output, cancellation);
            return Ok;
        }

        // What is cut off must not look like an archive, nor take the place of an older one.
        var part = $"{arguments.File}.part";
        try
        {
            await using (var file = Packed(File.Create(part)))
            {
                await server.ExportAsync(arguments.Prefix, file, cancellation);
            }

            File.Move(part, arguments.File, overwrite: true);
            return Ok;
        }
        finally
        {
            File.Delete(part);
        }
    });

    /// <summary>Imports; the exit status.</summary>
    public Task<int> ImportAsync(CancellationToken cancellation) => GuardAsync(async server =>
    {
        if (arguments.Redis is { } url)
        {
            return await ImportFromGoFaasAsync(server, url, cancellation);
        }

        await using var archive = arguments.File == "-" ? input : Unpacked(File.OpenRead(arguments.File!));
        using var content = new StreamContent(archive);
        return Tell(await server.ImportAsync(Query(), content, cancellation), []);
    });

    private async Task<int> ImportFromGoFaasAsync(ServerClient server, string url, CancellationToken cancellation)
    {
        if (RedisUrl.Parse(url) is not { } endpoint)
        {
            log.WriteLine("faas: --redis is no redis://user:password@host:port/database, or rediss:// for TLS.");
            return NoInput;
        }

        // As go-faas itself takes it, so that it need not stand on the command line.
        var password = endpoint.Password.Length > 0 ? endpoint.Password : Environment.GetEnvironmentVariable("REDIS_PASSWORD") ?? "";
        await using var redis = RedisConnection.To(endpoint with { Password = password }, s_redisTimeout);
        await redis.WaitUntilReachableAsync(cancellation);
        var goFaas = new GoFaasArchive(new GoFaasStore(redis));
        using var content = new WrittenContent(goFaas.WriteAsync);
        var report = await server.ImportAsync(Query(), content, cancellation);
        return Tell(report, goFaas.NotTaken);
    }

    // go-faas has checked nothing, so one broken version must not keep its whole script back.
    private string Query() =>
        $"?dryRun={Text(arguments.DryRun)}&skipBroken={Text(arguments.SkipBroken || arguments.Redis is not null)}"
        + (arguments.Onto is { } onto ? $"&onto={Uri.EscapeDataString(onto)}" : "");

    private static string Text(bool flag) => flag ? "true" : "false";

    private int Tell(JsonElement report, IReadOnlyList<GoFaasUnread> unread)
    {
        var (taken, there) = (report.GetProperty("taken"), report.GetProperty("there"));
        var (refused, leftOut) = (report.GetProperty("refused"), report.GetProperty("leftOut"));
        foreach (var script in taken.EnumerateArray())
        {
            log.WriteLine($"taken     {script.GetProperty("path")}  {script.GetProperty("versions")} versions");
        }

        foreach (var script in refused.EnumerateArray())
        {
            log.WriteLine($"refused   {script.GetProperty("path")}  {script.GetProperty("why")}");
        }

        foreach (var version in leftOut.EnumerateArray())
        {
            log.WriteLine($"left out  {version.GetProperty("path")}  {version.GetProperty("why")}");
        }

        foreach (var (path, why) in unread)
        {
            log.WriteLine($"left out  {path}  {why}");
        }

        var missing = refused.GetArrayLength() + leftOut.GetArrayLength() + unread.Count;
        log.WriteLine(
            (arguments.DryRun ? "Nothing was stored; this is what an import would do. " : "")
            + $"Taken: {taken.GetArrayLength()}, there already: {there.GetArrayLength()}, "
            + $"refused: {refused.GetArrayLength()}, left out: {leftOut.GetArrayLength() + unread.Count}.");
        return missing == 0 ? Ok : NotAll;
    }

    private async Task<int> GuardAsync(Func<ServerClient, Task<int>> work)
    {
        try
        {
            var key = arguments.KeyFile is { } file ? (await File.ReadAllTextAsync(file)).Trim() : null;
            using var server = new ServerClient(arguments.Server, key);
            return await work(server);
        }
        catch (Exception failed) when (failed is ServerCallException or StoreException or StoreStartException)
        {
            log.WriteLine($"faas: {failed.Message.ReplaceLineEndings(" ")}");
            return failed is ServerCallException { IsReached: true } ? NotAll : Unavailable;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            log.WriteLine($"faas: {failed.Message.ReplaceLineEndings(" ")}");
            return NoInput;
        }
    }

    private Stream Packed(Stream file) => IsCompressed ? new GZipStream(file, CompressionLevel.Optimal) : file;

    private Stream Unpacked(Stream file) => IsCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;

    private bool IsCompressed => arguments.File!.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase);
}
