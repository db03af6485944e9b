namespace Faas.Http.Api.Description;

/// <summary>
/// A parameter of a route besides its body, as part of the route's metadata. The request record that reads the parameter says so
/// (<c>IEndpointParameterMetadataProvider</c>), because the record and not the framework binds it.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Description">What it means.</param>
public sealed record RequestParameter(string Name, ParameterPlace Place, string Description)
{
    /// <summary>A value that is valid; null: no example.</summary>
    public string? Example { get; init; }

    /// <summary>The only values; empty: others too.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least and the most, where it is a whole number; null: it is a text.</summary>
    public (int Least, int Most)? Range { get; init; }

    /// <summary>Whether a request must have it. One in the path always must.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>Where a parameter stands.</summary>
public enum ParameterPlace
{
    /// <summary>A segment of the path.</summary>
    Path,

    /// <summary>The query.</summary>
    Query,

    /// <summary>A header.</summary>
    Header,
}
