using System.Buffers;
using Faas.Http.Access;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Faas.Http.Api.Calls;

/// <summary>A request's whole body in pooled memory. Disposal returns the memory to the pool, so no slice of it may be kept.</summary>
public sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 16 << 10;
    private const int LongBody = 64 << 10;
    private byte[] _buffer;
    private int _length;

    private RequestBody(byte[] buffer) => _buffer = buffer;

    /// <summary>The bytes; empty: there was no body.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>
    /// Reads it all; throws <see cref="ProblemException"/> when its headers say that it cannot be read, or when it is larger than allowed.
    /// </summary>
    public static Task<RequestBody> ReadAsync(HttpRequest request, HttpOptions options)
    {
        if (CanHaveBody(request))
        {
            CheckHeaders(request, options.Access);
        }

        return ReadOpaqueAsync(request, options);
    }

    /// <summary>
    /// Reads it all, whatever its headers say it is; throws <see cref="ProblemException"/> when it is larger than allowed.
    /// </summary>
    public static async Task<RequestBody> ReadOpaqueAsync(HttpRequest request, HttpOptions options)
    {
        if (!CanHaveBody(request))
        {
            return new RequestBody([]);
        }

        var limit = options.MaxRequestBytes;
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        // A client may announce any length, so memory is taken only as bytes arrive.
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent(FirstBuffer));
        try
        {
            while (
                await request.Body.ReadAsync(body._buffer.AsMemory(body._length), request.HttpContext.RequestAborted) is > 0 and var read)
            {
                body._length += read;
                if (body._length > limit)
                {
                    throw TooLarge(limit);
                }

                body.MakeRoom();
            }

            if (body._length > LongBody)
            {
                // Parsing JSON of this length takes a while; the thread that read the last bytes serves other sockets, too, and is let go.
                await Task.Yield();
            }

            return body;
        }
        catch (IOException broken) when (broken is not (BadHttpRequestException or ConnectionResetException))
        {
            // A chunk's size that is no number of 32 bits; the server says of other broken chunks what they are.
            body.Dispose();
            throw new BadHttpRequestException("The body's chunks cannot be read.", broken);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void MakeRoom()
    {
        if (_length < _buffer.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static bool CanHaveBody(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };

    /// <summary>Throws <see cref="ProblemException"/> when the headers of a body say that it cannot be read.</summary>
    public static void CheckHeaders(HttpRequest request, AccessOptions access)
    {
        if (request.Headers.ContentEncoding is [{ Length: > 0 } encoding, ..]
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(FaasProblems.MediaType($"Content-Encoding is \"{encoding}\"; send the body as it is."));
        }

        // go-faas never looks at the content type, so its clients may send any or none.
        var type = BodyType.Of(request.ContentType);
        if (type.ForeignCharset is { } charset)
        {
            throw new ProblemException(FaasProblems.MediaType($"The charset in Content-Type is \"{charset}\"; it must be utf-8."));
        }

        if (!type.IsJson && ForeignPage.Sent(request, access))
        {
            throw new ProblemException(FaasProblems.MediaType(
                $"Content-Type is {(request.ContentType is { } sent ? $"\"{sent}\"" : "missing")}; a web page of another site must send "
                + "application/json, and its site must be one of faas.http.cors-origins."));
        }
    }

    private static ProblemException TooLarge(long limit) => new(FaasProblems.TooLarge($"The body is larger than {limit} bytes."));
}
