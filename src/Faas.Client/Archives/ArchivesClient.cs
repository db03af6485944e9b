using System.Net.Http.Headers;

namespace Faas.Client;

/// <summary>
/// Moves all scripts between servers, as one archive; the client's key needs the scope <c>admin</c> (docs/moving.md).
/// <example>
/// <code>
/// await using (var file = File.Create("backup.ndjson"))
/// {
///     await old.Archives.ExportAsync(file);
/// }
///
/// await using var archive = File.OpenRead("backup.ndjson");
/// var report = await young.Archives.ImportAsync(new StreamContent(archive));
/// </code>
/// </example>
/// </summary>
public sealed class ArchivesClient
{
    /// <summary>The media type of an archive: a JSON object a line.</summary>
    public const string MediaType = "application/x-ndjson";

    private const int BufferBytes = 64 << 10;
    private readonly Transport _transport;

    internal ArchivesClient(Transport transport) => _transport = transport;

    /// <summary>
    /// Writes an archive of the scripts to a stream. It throws if the archive is cut off: what was written then is not whole.
    /// </summary>
    /// <param name="output">Where to.</param>
    /// <param name="prefix">What the paths of the scripts begin with; null: all.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task ExportAsync(Stream output, string? prefix = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/export{Address.Query(("prefix", prefix))}");
        using var response = await _transport.SendAsync(request, cancellation);
        if (response.Content.Headers.ContentType?.MediaType != MediaType)
        {
            throw Transport.Foreign(response);
        }

        await using var archive = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[BufferBytes];
        while (await ReadAsync(archive, buffer, cancellation) is var count and > 0)
        {
            await output.WriteAsync(buffer.AsMemory(0, count), cancellation); // what it throws is not the server's fault
        }
    }

    private static async Task<int> ReadAsync(Stream archive, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await archive.ReadAsync(buffer, cancellation);
        }
        catch (IOException cut)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The server cut the archive off; its log says why.", cut);
        }
    }

    /// <summary>Has the server take the scripts of an archive.</summary>
    /// <param name="archive">The archive. It is sent as it is read, after the server has accepted the key.</param>
    /// <param name="options">How; null: as they are.</param>
    /// <param name="cancellation">Ends the call. The scripts that were taken by then stay.</param>
    public async Task<ImportReport> ImportAsync(
        HttpContent archive, ImportOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        archive.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        var query = Address.Query(
            ("onto", options?.Onto),
            ("dryRun", options is { DryRun: true } ? "true" : null),
            ("skipBroken", options is { SkipBroken: true } ? "true" : null));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/import{query}") { Content = archive };
        request.Headers.ExpectContinue = true;
        using var response = await _transport.SendAsync(request, cancellation);
        return await Transport.ReadAsync(response, ClientJson.Default.ImportReport, cancellation);
    }
}

/// <summary>How an archive is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>The path below which the scripts are put; null: they keep their paths.</summary>
    public string? Onto { get; init; }

    /// <summary>Whether nothing is stored, and only the report is wanted.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether versions whose code cannot be taken are left out of their scripts.</summary>
    public bool SkipBroken { get; init; }
}

/// <summary>What became of the scripts of an archive; each is in one of the first three lists.</summary>
/// <param name="DryRun">Whether nothing was stored, and this is what would have become of them.</param>
/// <param name="Taken">The scripts of which something was not there before.</param>
/// <param name="There">The paths of the scripts of which all was there before.</param>
/// <param name="Refused">The scripts of which nothing was taken.</param>
/// <param name="LeftOut">The versions that were left out.</param>
public sealed record ImportReport(
    bool DryRun,
    IReadOnlyList<ImportedScript> Taken,
    IReadOnlyList<string> There,
    IReadOnlyList<NotImported> Refused,
    IReadOnlyList<NotImported> LeftOut);

/// <summary>A script that was taken.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Versions">How many versions were added.</param>
public sealed record ImportedScript(string Path, int Versions);

/// <summary>A script, or a version of one, that was not taken.</summary>
/// <param name="Path">The script's path.</param>
/// <param name="Why">One sentence.</param>
public sealed record NotImported(string Path, string Why);
