namespace Faas.Actors.Egress.Http;

/// <summary>Where the body of a request ends (RFC 9112, section 6).</summary>
/// <param name="IsChunked">After the last chunk.</param>
/// <param name="Length">Else after this many bytes.</param>
internal readonly record struct BodyFraming(bool IsChunked, long Length);
