namespace Faas.Http.Api.Description;

/// <summary>An example of a body, as part of a route's metadata.</summary>
/// <param name="Status">The status of the answer that has it; null: the request has it.</param>
/// <param name="Text">JSON; text where the body is text.</param>
public sealed record ContentExample(int? Status, string Text);
