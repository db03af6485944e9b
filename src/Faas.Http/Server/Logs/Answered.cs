namespace Faas.Http.Server.Logs;

/// <summary>What the web server knows of an answered request, for its line in the log.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Route">The request's path as the client escaped it, without its query.</param>
/// <param name="Status">The HTTP status; null: no answer was sent.</param>
/// <param name="Elapsed">From the request's headers to the end of the answer.</param>
/// <param name="CallId">The call's name on the wire.</param>
/// <param name="Key">The name of the caller's key; null: there is none.</param>
public sealed record Answered(string Method, string Route, int? Status, TimeSpan Elapsed, string CallId, string? Key);
