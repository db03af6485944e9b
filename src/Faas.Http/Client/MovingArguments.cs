using Faas.Actors.Json;

namespace Faas.Http.Client;

/// <summary>The arguments of <c>faas-server export</c> and <c>faas-server import</c>.</summary>
public sealed record MovingArguments
{
    /// <summary>The server that is used where none is named.</summary>
    public static Uri DefaultServer { get; } = new("http://localhost:8080");

    private static readonly string[] s_ofBoth = ["--server", "--key-file"];
    private static readonly string[] s_ofExport = ["--prefix", "--output", .. s_ofBoth];
    private static readonly string[] s_ofImport = ["--redis", "--onto", "--dry-run", "--skip-broken", .. s_ofBoth];

    /// <summary>The server.</summary>
    public Uri Server { get; init; } = DefaultServer;

    /// <summary>A file with a key of the server; null: the server is called without one.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The archive's file; null or <c>-</c>: stdout or stdin.</summary>
    public string? File { get; init; }

    /// <summary>The Redis of a go-faas; null: an archive is imported.</summary>
    public string? Redis { get; init; }

    /// <summary>Of an export: what the paths begin with; empty: all.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Of an import: the path below which the scripts are put; null: they keep their paths.</summary>
    public string? Onto { get; init; }

    /// <summary>Of an import: whether only the report is wanted.</summary>
    public bool DryRun { get; init; }

    /// <summary>Of an import: whether versions that cannot be taken are left out of their scripts.</summary>
    public bool SkipBroken { get; init; }

    /// <summary>Reads those of an export; null: they make no sense, and <paramref name="wrong"/> says why.</summary>
    public static MovingArguments? OfExport(IReadOnlyList<string> arguments, out string wrong) =>
        Parse(arguments, s_ofExport, takesFile: false, out wrong);

    /// <summary>The same of an import.</summary>
    public static MovingArguments? OfImport(IReadOnlyList<string> arguments, out string wrong) =>
        Parse(arguments, s_ofImport, takesFile: true, out wrong) is not { } parsed ? null
        : parsed.File is null == parsed.Redis is null
            ? Refuse("import needs the file of an archive (- for stdin), or --redis URL with the Redis of a go-faas.", out wrong)
        : parsed;

    private static MovingArguments? Parse(IReadOnlyList<string> arguments, string[] known, bool takesFile, out string wrong)
    {
        wrong = "";
        var parsed = new MovingArguments();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (takesFile && !name.StartsWith("--", StringComparison.Ordinal))
            {
                if (parsed.File is not null)
                {
                    return Refuse($"\"{name}\" is too much; one file is allowed.", out wrong);
                }

                parsed = parsed with { File = name };
            }
            else if (!known.Contains(name))
            {
                return Refuse(
                    NearestName.Of(name, known) is { } nearest
                        ? $"\"{name}\" is not understood; did you mean {nearest}?"
                        : $"\"{name}\" is not understood; faas-server --help says what is.",
                    out wrong);
            }
            else if (name is "--dry-run" or "--skip-broken")
            {
                parsed = name == "--dry-run" ? parsed with { DryRun = true } : parsed with { SkipBroken = true };
            }
            else if (++i == arguments.Count)
            {
                return Refuse($"{name} needs a value.", out wrong);
            }
            else if (parsed.With(name, arguments[i]) is { } more)
            {
                parsed = more;
            }
            else
            {
                return Refuse($"--server {arguments[i]} is no http:// or https:// URL.", out wrong);
            }
        }

        return parsed;
    }

    private MovingArguments? With(string name, string value) => name switch
    {
        "--server" => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? this with { Server = url }
            : null,
        "--key-file" => this with { KeyFile = value },
        "--output" => this with { File = value },
        "--redis" => this with { Redis = value },
        "--prefix" => this with { Prefix = value },
        _ => this with { Onto = value },
    };

    private static MovingArguments? Refuse(string why, out string wrong)
    {
        wrong = why;
        return null;
    }
}
