using System.Globalization;

namespace Faas.Actors.Libraries.Registry;

/// <summary>What a build asks its registry for.</summary>
public abstract record RegistryRoute
{
    /// <summary>Below it are the pages of Python's libraries: the address that pip is given as its index.</summary>
    public const string PythonPath = "/pypi/simple/";

    /// <summary>Below it are the documents of npm's packages: the address that npm's installers are given as their registry.</summary>
    public const string NpmPath = "/npm/";

    /// <summary>Below it are the files.</summary>
    public const string FilesPath = "/files/";

    private const string Tarballs = "/-/";
    private const string TarballEnd = ".tgz";

    /// <summary>The address below <see cref="FilesPath"/> of a file that a page has named.</summary>
    public static string AddressOf(int number, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{FilesPath}{number}/{Uri.EscapeDataString(name)}");

    /// <summary>
    /// The address of the tarball of a version, below <see cref="NpmPath"/>. It is the one that installers make of name and version, so
    /// no lock has an address in it.
    /// </summary>
    public static string TarballOf(LibraryName name, string version) =>
        $"{NpmPath}{name.Text}{Tarballs}{FileOf(name)}{version}{TarballEnd}";

    /// <summary>What stands at a path; null: nothing does.</summary>
    public static RegistryRoute? Of(string path) =>
        Below(path, PythonPath) is { } python ? LibraryOf(Ecosystem.PyPi, python.TrimEnd('/'))
        : Below(path, NpmPath) is { } npm ? NpmOf(Uri.UnescapeDataString(npm))
        : Below(path, FilesPath) is { } file ? FileOf(file)
        : null;

    private static RegistryRoute? NpmOf(string path) => path.IndexOf(Tarballs, StringComparison.Ordinal) is var at and > 0
        ? LibraryOf(Ecosystem.Npm, path[..at]) is { Name: var name }
            && Below(path[(at + Tarballs.Length)..], FileOf(name)) is { } version
            && version.EndsWith(TarballEnd, StringComparison.Ordinal)
            ? new TarballRoute(name, version[..^TarballEnd.Length])
            : null
        : LibraryOf(Ecosystem.Npm, path);

    // Without its scope.
    private static string FileOf(LibraryName name) => $"{name.Text[(name.Text.LastIndexOf('/') + 1)..]}-";

    private static string? Below(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) ? path[folder.Length..] : null;

    private static LibraryRoute? LibraryOf(Ecosystem ecosystem, string text) =>
        LibraryName.TryParse(ecosystem, text, out var name) ? new LibraryRoute(name.Value) : null;

    private static FileRoute? FileOf(string text) =>
        text.Split('/') is [var first, var name] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new FileRoute(number, Uri.UnescapeDataString(name))
            : null;
}

/// <summary>What the registry knows of a library.</summary>
public sealed record LibraryRoute(LibraryName Name) : RegistryRoute;

/// <summary>The tarball of a version of npm's.</summary>
public sealed record TarballRoute(LibraryName Name, string Version) : RegistryRoute;

/// <summary>A file that an earlier answer has named.</summary>
/// <param name="Number">Its place among all that were named.</param>
/// <param name="Name">Its name.</param>
public sealed record FileRoute(int Number, string Name) : RegistryRoute;
