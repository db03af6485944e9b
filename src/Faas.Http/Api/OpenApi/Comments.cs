using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Faas.Http.Api.OpenApi;

/// <summary>
/// The summaries in the code's own comments, which become the descriptions of schemas. The compiler writes them into a file beside each
/// assembly. Without the file there are no descriptions.
/// </summary>
internal sealed partial class Comments
{
    private readonly Dictionary<string, Dictionary<string, XElement>> _files = [];

    /// <summary>What a type is; null: nothing says it.</summary>
    public string? Of(Type type) => Find(type.Assembly, $"T:{NameOf(type)}");

    /// <summary>What a property is; null: nothing says it.</summary>
    public string? Of(PropertyInfo property) =>
        property.DeclaringType is { } type ? Find(type.Assembly, $"P:{NameOf(type)}.{property.Name}") : null;

    private static string NameOf(Type type) => type.FullName?.Replace('+', '.') ?? type.Name;

    private string? Find(Assembly assembly, string member) =>
        FileOf(assembly).TryGetValue(member, out var comment) ? TextOf(comment) : null;

    private Dictionary<string, XElement> FileOf(Assembly assembly)
    {
        var name = assembly.GetName().Name ?? "";
        if (!_files.TryGetValue(name, out var comments))
        {
            var file = Path.Combine(AppContext.BaseDirectory, $"{name}.xml");
            comments = !File.Exists(file) ? [] : XDocument.Load(file).Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(member => (string)member.Attribute("name")!, member => member.Element("summary")!);
            _files[name] = comments;
        }

        return comments;
    }

    // Code stands in back-quotes, as in Markdown; of a name in code, the last part stands there.
    private static string TextOf(XElement comment) => Spaces().Replace(string.Concat(comment.Nodes().Select(PartOf)), " ").Trim();

    private static string PartOf(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement link when link.Attribute("cref") is { Value: var target } => $"`{target[(target.LastIndexOf('.') + 1)..]}`",
        XElement other => TextOf(other),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
