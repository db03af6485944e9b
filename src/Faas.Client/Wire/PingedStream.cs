using System.Globalization;

namespace Faas.Client;

/// <summary>
/// The body of a live stream, which ends with <see cref="HttpIOException"/> when it is silent for too long. Theory of operation: the
/// server says in <c>X-Ping-Seconds</c> after which silence it sends a comment (docs/runs.md, "Live streams"). TCP does not tell a client
/// that only reads when the other end is gone without a word; the missing comments do.
/// </summary>
internal sealed class PingedStream(Stream body, TimeSpan longestSilence) : Stream
{
    private const string Header = "X-Ping-Seconds";
    private const double Pings = 2.5;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The body of an answer, watched if its server promises pings. That of a run may be silent as long as its script.</summary>
    public static async Task<Stream> OfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellation);
        return response.Headers.TryGetValues(Header, out var values)
            && double.TryParse(values.First(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < 86_400
            ? new PingedStream(body, TimeSpan.FromSeconds(Pings * seconds))
            : body;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(longestSilence);
        try
        {
            return await body.ReadAsync(buffer, silence.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpIOException(
                HttpRequestError.ResponseEnded,
                FormattableString.Invariant($"The server has sent nothing for {longestSilence.TotalSeconds:0.#} s."));
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
        }

        base.Dispose(disposing);
    }
}
