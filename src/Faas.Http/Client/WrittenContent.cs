using System.IO.Pipelines;
using System.Net;

namespace Faas.Http.Client;

/// <summary>A request body that is written while it is sent, and whose length is not known before.</summary>
/// <param name="write">Writes it.</param>
public sealed class WrittenContent(Func<PipeWriter, CancellationToken, Task> write) : HttpContent
{
    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await write(writer, cancellationToken);
        await writer.CompleteAsync();
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
