using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Wire;

/// <summary>
/// What a route answers, as its reply type says it. It is part of the route's metadata, and gives way to what the route says itself
/// (<c>Produces</c>).
/// </summary>
/// <param name="StatusCode">The status.</param>
/// <param name="Type">What the body is; null: any bytes.</param>
/// <param name="ContentType">The body's media type.</param>
public sealed record ReplyContent(int StatusCode, Type? Type, string ContentType) : IProducesResponseTypeMetadata
{
    /// <inheritdoc />
    public string? Description => null;

    /// <inheritdoc />
    public IEnumerable<string> ContentTypes => [ContentType];
}
