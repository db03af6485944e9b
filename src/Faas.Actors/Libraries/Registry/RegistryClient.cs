using System.Net;

namespace Faas.Actors.Libraries.Registry;

/// <summary>
/// Asks registries. It follows a redirect only to a place that may serve the file, and reads no more than a limit of a page.
/// </summary>
public sealed class RegistryClient(HttpClient http)
{
    /// <summary>The longest page of a library, in bytes. The longest ones known have 60 MB.</summary>
    public const int MaxPageBytes = 96 << 20;

    private const int MaxRedirects = 3;

    /// <summary>A client whose redirects it follows itself.</summary>
    public static HttpClient NewHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        UseCookies = false,
    });

    /// <summary>
    /// A page, whole. Throws <see cref="HttpRequestException"/>, with a status if the registry answered, and
    /// <see cref="RegistryRedirectException"/>.
    /// </summary>
    public async Task<(string? MediaType, byte[] Body)> PageAsync(Uri address, string accept, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.Headers.Location is { } location && (int)response.StatusCode is >= 300 and < 400)
        {
            throw new RegistryRedirectException(address, new Uri(address, location));
        }

        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return (response.Content.Headers.ContentType?.MediaType, await ReadAsync(body, address, cancellation));
    }

    /// <summary>A file, from where <paramref name="mayServe"/> allows. Throws <see cref="HttpRequestException"/>.</summary>
    public async Task<HttpResponseMessage> FileAsync(Uri address, Func<Uri, bool> mayServe, CancellationToken cancellation)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.Headers.Location is { } location && (int)response.StatusCode is >= 300 and < 400)
            {
                response.Dispose();
                address = new Uri(address, location);
                if (redirects == MaxRedirects || !mayServe(address))
                {
                    throw new HttpRequestException(
                        $"The file's address leads to {address.GetLeftPart(UriPartial.Path)}, which may not serve it.");
                }

                continue;
            }

            if (!response.IsSuccessStatusCode)
            {
                using (response)
                {
                    response.EnsureSuccessStatusCode();
                }
            }

            return response;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream body, Uri address, CancellationToken cancellation)
    {
        using var page = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            page.Write(buffer, 0, read);
            if (page.Length > MaxPageBytes)
            {
                throw new HttpRequestException($"{address} has more than {MaxPageBytes} bytes.");
            }
        }

        return page.ToArray();
    }
}
