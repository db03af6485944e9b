namespace Faas.Actors.Libraries.Registry;

/// <summary>A file of a library, as its registry lists it.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Sha256">Lower-case hex; null: the registry does not say.</param>
/// <param name="RequiresPython">The versions of Python that it is for; null: any.</param>
/// <param name="At">When it was published; null: the registry does not say.</param>
/// <param name="Yanked">Why it was withdrawn, perhaps empty; null: it was not.</param>
public sealed record PublishedFile(string Name, Uri Address, string? Sha256, string? RequiresPython, DateTimeOffset? At, string? Yanked);
