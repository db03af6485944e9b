using System.Text.RegularExpressions;
using Faas.Actors.Configuration;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Runs.Images;

/// <summary>
/// One image of <c>faas.images</c>: a runtime that has loaded libraries before any script comes (docs/libraries.md).
/// </summary>
/// <param name="Name">Its name, which scripts say in their setting <c>image</c>.</param>
/// <param name="Runtime">The runtime whose zygote loads the libraries.</param>
/// <param name="Packages">The folders of the host in which the runtime finds libraries beside its own, in the order of the search.</param>
/// <param name="Preload">The modules that are loaded before any script comes, in this order.</param>
/// <param name="Spares">The fewest sandboxes that are ready for its scripts.</param>
public sealed partial record LibraryImage(
    string Name, Runtime Runtime, IReadOnlyList<string> Packages, IReadOnlyList<string> Preload, int Spares)
{
    /// <summary>The keys of an image's section.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["runtime", "packages", "preload", "spares"];

    /// <summary>The folder in a folder of node's packages that holds them.</summary>
    public const string NodeModules = "node_modules";

    private const int MostPackages = 20;
    private const int MostModules = 100;
    private const int MostSpares = 100;

    /// <summary>What is wrong with a name, as a sentence that goes on after it; null: nothing.</summary>
    public static string? CheckName(string name) =>
        SettingRules.CheckImage(name)
        ?? (WireNames.TryParse<Runtime>(name, out _) ? $"is \"{name}\", which is the name of a runtime" : null);

    /// <summary>Reads and checks the section of one image. Throws <see cref="SettingException"/>.</summary>
    internal static LibraryImage From(Settings settings, string name)
    {
        var section = $"{LibraryImages.Section}.{name}";
        if (CheckName(name) is { } wrong)
        {
            throw new SettingException($"{section}: the name of an image {wrong}.");
        }

        var runtime = settings.OneOf<Runtime>($"{section}.runtime");
        return new LibraryImage(
            name,
            runtime,
            ListOf(
                settings,
                $"{section}.packages",
                runtime == Runtime.Node ? 1 : MostPackages,
                "folders",
                path => AllowedFolder(path, runtime)),
            ListOf(
                settings,
                $"{section}.preload",
                MostModules,
                "modules",
                module => Module(runtime).IsMatch(module) ? null : $"names of modules as a {runtime.ToWire()} script imports them"),
            settings.Has($"{section}.spares") ? settings.Int($"{section}.spares", 0, MostSpares) : 1);
    }

    // `allowed` says what is allowed instead of a text; null: the text is.
    private static IReadOnlyList<string> ListOf(Settings settings, string key, int most, string what, Func<string, string?> allowed)
    {
        var list = settings.Has(key) ? settings.List(key) : [];
        if (list.Count > most)
        {
            throw new SettingException(key, $"[{list.Count} {what}]", $"at most {most}");
        }

        return list.FirstOrDefault(text => allowed(text) is not null) is { } wrong
            ? throw new SettingException(key, wrong, allowed(wrong)!)
            : list;
    }

    private static string? AllowedFolder(string path, Runtime runtime) =>
        !Path.IsPathFullyQualified(path) || !Directory.Exists(path) ? "folders that exist, by their whole path"
        : runtime == Runtime.Node && !Directory.Exists(Path.Combine(path, NodeModules)) ? $"a folder that has {NodeModules}"
        : null;

    private static Regex Module(Runtime runtime) => runtime == Runtime.Python ? PythonModule() : NodeModule();

    [GeneratedRegex(@"\A[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\z")]
    private static partial Regex PythonModule();

    // Relative paths and URLs are none of a package's.
    [GeneratedRegex(@"\A(node:)?(@[\w.~-]+/)?[\w~-][\w.~-]*(/[\w.~-]+)*\z", RegexOptions.ECMAScript)]
    private static partial Regex NodeModule();
}
