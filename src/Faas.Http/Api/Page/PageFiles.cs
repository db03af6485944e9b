using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Faas.Http.Wire;

namespace Faas.Http.Api.Page;

/// <summary>
/// The files of the page (src/Faas.Web), which are read when one is first asked for.
/// <para>
/// Theory of operation. Vite builds the page into <c>dist</c>: <c>index.html</c>, and a folder <c>page</c> whose names contain a hash of
/// what the file holds. Beside each file that is worth it lies the same one compressed, with <c>.br</c> or <c>.gz</c> behind its name. The
/// build of the server embeds them all, so a server has the page that it was built with or none, and sends its files without
/// compressing anything.
/// </para>
/// </summary>
public sealed class PageFiles
{
    private const string Prefix = "web/";
    private const string IndexName = "index.html";
    private const string Folder = "page/";

    private static readonly FrozenDictionary<string, string> s_types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly (string Ending, string Coding)[] s_codings = [(".br", "br"), (".gz", "gzip")];

    private readonly Lazy<FrozenDictionary<string, PageFile>> _files;

    /// <summary>The files of a page.</summary>
    /// <param name="names">Their names, such as <c>page/index-1a2b.js.br</c>.</param>
    /// <param name="open">Opens one of them.</param>
    public PageFiles(IEnumerable<string> names, Func<string, Stream> open) => _files = new(() => Read(names, open));

    /// <summary>Those that the build of this server embedded.</summary>
    public static PageFiles Embedded { get; } = Of(typeof(PageFiles).Assembly);

    /// <summary>The page itself; null: this server was built without it.</summary>
    public PageFile? Index => _files.Value.GetValueOrDefault(IndexName);

    /// <summary>A file that the page loads, by its name in the folder; null: there is none.</summary>
    public PageFile? Find(string name) => _files.Value.GetValueOrDefault(Folder + name);

    private static PageFiles Of(Assembly assembly) => new(
        assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]),
        name => assembly.GetManifestResourceStream(Prefix + name)!);

    private static FrozenDictionary<string, PageFile> Read(IEnumerable<string> names, Func<string, Stream> open) => names
        .Select(name => (Name: name, Parts: Split(name)))
        .Where(file => s_types.ContainsKey(Path.GetExtension(file.Parts.Name)))
        .GroupBy(file => file.Parts.Name, file => (file.Parts.Coding, Content: Content(file.Name, open)))
        .ToFrozenDictionary(
            file => file.Key,
            file => new PageFile(
                s_types[Path.GetExtension(file.Key)], file.ToFrozenDictionary(coded => coded.Coding, coded => coded.Content)));

    private static (string Name, string Coding) Split(string name)
    {
        var (ending, coding) = s_codings.FirstOrDefault(one => name.EndsWith(one.Ending, StringComparison.Ordinal));
        return coding is null ? (name, ContentCoding.Identity) : (name[..^ending.Length], coding);
    }

    private static PageContent Content(string name, Func<string, Stream> open)
    {
        using var bytes = open(name);
        return new PageContent(() => open(name), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }
}
