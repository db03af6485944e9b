using Faas.Http.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Faas.Http.Api.Mcp;

/// <summary>
/// The body of an answer that is sent in parts: counts its bytes, and gives up on a client that takes nothing for
/// <c>stalled-write-timeout</c>. A write waits for a slow client, and what writes waits with it.
/// </summary>
internal sealed class StalledWrites : Stream
{
    private readonly HttpContext _context;
    private readonly Stream _body;
    private readonly TimeSpan _patience;
    private readonly HttpMeters _meters;
    private readonly CallRecord _record;

    /// <summary>Stands before the body that the response has.</summary>
    public StalledWrites(HttpContext context, TimeSpan patience, HttpMeters meters)
    {
        (_context, _body, _patience, _meters, _record) = (context, context.Response.Body, patience, meters, CallRecord.Of(context));
        // Kestrel's minimum rate would end a client that reads slowly on purpose.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _record.OutputBytes += buffer.Length;
        _meters.Streamed(buffer.Length);
        await TakenAsync(_body.WriteAsync(buffer, cancellationToken).AsTask());
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => TakenAsync(_body.FlushAsync(cancellationToken));

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task TakenAsync(Task written)
    {
        try
        {
            await written.WaitAsync(_patience);
        }
        catch (TimeoutException stalled)
        {
            _context.Abort();
            throw new IOException("The client takes nothing more.", stalled);
        }
    }
}
