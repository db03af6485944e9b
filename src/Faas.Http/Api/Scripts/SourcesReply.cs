using Faas.Actors.Scripts.Trees;
using Faas.Actors.UseCases;

namespace Faas.Http.Api.Scripts;

/// <summary>The source files of a version.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Entry">The name of the file that runs; left out: the version has a single text, and no file of a tree.</param>
/// <param name="Sources">The files of the tree, sorted by name; of a single text none.</param>
/// <param name="Lock">The versions of its libraries, in the words of their installer; left out: it has none.</param>
public sealed record SourcesReply(long Version, string? Entry, IReadOnlyList<SourceFileReply> Sources, string? Lock)
{
    /// <summary>The files of a version as they are sent.</summary>
    public static SourcesReply Of(FoundScript found) => new(
        found.Version.Number,
        found.Code.Tree?.Entry,
        found.Code.Tree is { } tree ? [.. SourceFileJson.Of(tree).Select(SourceFileReply.Of)] : [],
        found.Code.Lock);
}

/// <summary>One file.</summary>
/// <param name="Name">Its name below the folder of all.</param>
/// <param name="Text">Its content as text.</param>
/// <param name="Base64">Its content in base64, if it is no text in UTF-8.</param>
public sealed record SourceFileReply(string Name, string? Text, string? Base64)
{
    /// <summary>A file as it is sent.</summary>
    public static SourceFileReply Of(SourceFileJson file) => new(file.Name, file.Text, file.Base64);
}
