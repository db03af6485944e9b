namespace Faas.Client;

/// <summary>
/// A file of a call: one that it brings, which its script finds in <c>/tmp/in</c>, or one that its script has left in <c>/tmp/out</c>
/// (docs/calls.md#files).
/// </summary>
/// <param name="Name">Its name, without a folder: 1 to 255 bytes of UTF-8.</param>
/// <param name="Content">Its bytes.</param>
public sealed record RunFile(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>Of a file that a script has left: its media type, by the ending of its name.</summary>
    public string? MediaType { get; init; }
}
