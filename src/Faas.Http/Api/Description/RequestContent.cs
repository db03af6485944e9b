namespace Faas.Http.Api.Description;

/// <summary>
/// The body that a route takes, as part of its metadata. The framework's own word for it (<c>Accepts</c>) would refuse other content types,
/// which clients of go-faas send.
/// </summary>
/// <param name="Type">A record in the shape of the body; null: any bytes.</param>
/// <param name="ContentType">The body's media type.</param>
/// <param name="IsRequired">Whether a request must have a body.</param>
public sealed record RequestContent(Type? Type, string ContentType = "application/json", bool IsRequired = true);
