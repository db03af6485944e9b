namespace Faas.Http.Api.Calls;

/// <summary>The body of a call, by the members that its reader knows; part of the metadata of the routes that read it so.</summary>
/// <param name="Name">What the body is called in the API's description.</param>
/// <param name="Members">The members that it may have.</param>
public sealed record CallContent(string Name, CallMembers Members);
