namespace Faas.Http.Api.Description;

/// <summary>
/// The statuses by which a route refuses, beside those that every route has, as part of its metadata. Each is answered with a problem.
/// </summary>
/// <param name="Statuses">The statuses.</param>
public sealed record Failures(IReadOnlyList<int> Statuses);
