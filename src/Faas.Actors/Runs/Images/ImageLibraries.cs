using System.Text.RegularExpressions;

namespace Faas.Actors.Runs.Images;

/// <summary>
/// The Python libraries in the folders of an image.
/// <para>
/// Theory of operation. An installed library has a folder or file <c>NAME-VERSION.dist-info</c> or
/// <c>NAME-VERSION[-pyX.Y].egg-info</c> beside its modules. In both parts, <c>_</c> stands for <c>-</c>. The folders of an image come
/// before a layer on <c>sys.path</c>, and of two folders of an image the first wins, so what is here is what scripts of the image import.
/// A module that lies in a folder without such a record is not known. Source: PyPA, "Recording installed projects"
/// (packaging.python.org/specifications).
/// </para>
/// </summary>
public static partial class ImageLibraries
{
    /// <summary>The libraries in these folders of the host, in the order of the search: pairs of name and version.</summary>
    public static IEnumerable<KeyValuePair<string, string>> In(IEnumerable<string> folders) =>
        folders.SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*-info"))
            .Select(path => Of(Path.GetFileName(path)))
            .OfType<KeyValuePair<string, string>>();

    /// <summary>What the name of a record says; null: it is no record's.</summary>
    public static KeyValuePair<string, string>? Of(string record) => Record().Match(record) is { Success: true, Groups: var parts }
        ? new(parts["name"].Value, parts["version"].Value)
        : null;

    /// <summary>
    /// Whether two texts name the same version, as far as they are written in different ways: letters of both cases, zeros at the end of
    /// the release, and the separators of a local version. Source: PyPA, "Version specifiers".
    /// </summary>
    public static bool IsSameVersion(string one, string other) => Plain(one) == Plain(other);

    private static string Plain(string version) =>
        ZerosAtEnd().Replace(version.ToLowerInvariant().Replace('_', '.').Replace('-', '.'), "");

    [GeneratedRegex(@"\A(?<name>[A-Za-z0-9][A-Za-z0-9._]*)-(?<version>[0-9][^-]*)(?:\.dist-info|(?:-py[0-9.]+)?\.egg-info)\z")]
    private static partial Regex Record();

    // Those of the release alone: 1.10 is not 1.1, and neither is 1.0rc10 1.0rc1.
    [GeneratedRegex(@"(?<=\A[0-9!.]*)(?:\.0+)+(?=\z|\+|[a-z]|\.(?:dev|post))")]
    private static partial Regex ZerosAtEnd();
}
