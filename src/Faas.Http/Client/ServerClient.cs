using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Faas.Actors.Archives;

namespace Faas.Http.Client;

/// <summary>Calls a server's routes for archives. Each call throws <see cref="ServerCallException"/> when it does not succeed.</summary>
public sealed class ServerClient : IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;

    /// <summary>A client of a server.</summary>
    /// <param name="server">The server's URL.</param>
    /// <param name="key">A key of the server; null: it asks for none.</param>
    public ServerClient(Uri server, string? key)
    {
        // An archive may take as long as it takes.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = s_connectTimeout, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Reads an archive and writes it to a stream.</summary>
    public async Task ExportAsync(string prefix, Stream output, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/export?prefix={Uri.EscapeDataString(prefix)}");
        using var response = await SendAsync(request, cancellation);
        try
        {
            await response.Content.CopyToAsync(output, cancellation);
        }
        catch (Exception cut) when (cut is HttpRequestException or HttpIOException)
        {
            throw new ServerCallException("The server cut the archive off; its log says why.", isReached: true);
        }
    }

    /// <summary>Sends an archive; the report as JSON.</summary>
    public async Task<JsonElement> ImportAsync(string query, HttpContent archive, CancellationToken cancellation)
    {
        archive.Headers.ContentType = new MediaTypeHeaderValue(ArchiveForm.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/import{query}") { Content = archive };
        request.Headers.ExpectContinue = true; // a server that refuses the key says so before the archive is sent
        using var response = await SendAsync(request, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return (await JsonDocument.ParseAsync(body, cancellationToken: cancellation)).RootElement;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return response;
            }

            using (response)
            {
                var detail = await DetailAsync(response, cancellation);
                throw new ServerCallException($"{_http.BaseAddress} answers {(int)response.StatusCode}: {detail}", isReached: true);
            }
        }
        catch (HttpRequestException failed)
        {
            throw new ServerCallException(
                $"{_http.BaseAddress} cannot be reached: {failed.GetBaseException().Message.ReplaceLineEndings(" ")}", isReached: false);
        }
    }

    private static async Task<string> DetailAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            var problem = JsonElement.Parse(text);
            return problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("detail", out var detail) ? $"{detail}" : text;
        }
        catch (JsonException)
        {
            return $"{response.ReasonPhrase}";
        }
    }
}

/// <summary>A call did not succeed; the message says why in one line.</summary>
/// <param name="message">The line.</param>
/// <param name="isReached">Whether the server has answered.</param>
public sealed class ServerCallException(string message, bool isReached) : Exception(message)
{
    /// <summary>Whether the server has answered.</summary>
    public bool IsReached { get; } = isReached;
}
