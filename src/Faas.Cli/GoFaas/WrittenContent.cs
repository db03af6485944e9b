using System.Net;

namespace Faas.Cli.GoFaas;

/// <summary>A request body that is written while it is sent, and whose length is not known before.</summary>
/// <param name="write">Writes it.</param>
internal sealed class WrittenContent(Func<Stream, CancellationToken, Task> write) : HttpContent
{
    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        write(stream, cancellationToken);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
