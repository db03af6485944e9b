using Faas.Actors.Configuration;
using Faas.Actors.Libraries.Layers;

namespace Faas.Actors.Libraries;

/// <summary><c>faas.libraries</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Rules">Which libraries scripts may have.</param>
/// <param name="Npm">Where those of JavaScript and TypeScript come from.</param>
/// <param name="Python">Where those of Python come from.</param>
/// <param name="MinimumAge">How long a version must have been public.</param>
/// <param name="MaxCount">How many libraries one script may have, with those that they need.</param>
/// <param name="MaxBytes">How many bytes they may have as they are fetched, and in a layer.</param>
/// <param name="MaxFiles">How many files they may have in a layer.</param>
/// <param name="MaxTotalBytes">How many bytes all layers together may have.</param>
/// <param name="NpmPreload">Those of JavaScript and TypeScript that process 1 of a sandbox may execute ahead of runs.</param>
/// <param name="PythonPreload">Those of Python.</param>
/// <param name="Folder">Where the layers are.</param>
/// <param name="BuildTimeout">How long an installation may take.</param>
/// <param name="BuildMemoryBytes">The memory of an installation, with its files.</param>
public sealed record LibraryOptions(
    LibraryRules Rules,
    Upstream Npm,
    Upstream Python,
    TimeSpan MinimumAge,
    int MaxCount,
    long MaxBytes,
    int MaxFiles,
    long MaxTotalBytes,
    IReadOnlyList<NamePattern> NpmPreload,
    IReadOnlyList<NamePattern> PythonPreload,
    string Folder,
    TimeSpan BuildTimeout,
    long BuildMemoryBytes)
{
    private const string Section = "faas.libraries";
    private const string OwnFolder = "layers";

    /// <summary>What a layer may hold.</summary>
    public LayerLimits LayerLimits => new(MaxFiles, MaxBytes, MaxTotalBytes);

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static LibraryOptions From(Settings settings) => new(
        new LibraryRules(Patterns(settings, $"{Section}.allow"), Patterns(settings, $"{Section}.deny")),
        UpstreamOf(settings, $"{Section}.npm"),
        UpstreamOf(settings, $"{Section}.python"),
        settings.Duration($"{Section}.minimum-age", TimeSpan.Zero, TimeSpan.FromDays(365)),
        settings.Int($"{Section}.max-count", 1, 10_000),
        settings.Size($"{Section}.max-size", 1 << 20, 4L << 30),
        settings.Int($"{Section}.max-files", 1, 1_000_000),
        settings.Size($"{Section}.max-total", 1 << 20, 1L << 50),
        Patterns(settings, $"{Section}.npm.preload"),
        Patterns(settings, $"{Section}.python.preload"),
        Path.GetFullPath(settings.Text($"{Section}.folder") is { Length: > 0 } folder
            ? folder
            : Path.Combine(settings.Name("faas.store.embedded.data-dir"), OwnFolder)),
        settings.Duration($"{Section}.build.timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        settings.Size($"{Section}.build.memory", 64L << 20, 64L << 30));

    private static Upstream UpstreamOf(Settings settings, string section)
    {
        var upstream = new Upstream(
            AddressOf(settings, $"{section}.registry"),
            [.. settings.List($"{section}.file-hosts").Select(host => HostOf($"{section}.file-hosts", host))],
            settings.Text($"{section}.private.registry").Length == 0 ? null : AddressOf(settings, $"{section}.private.registry"),
            Patterns(settings, $"{section}.private.names"));
        return upstream.PrivateAddress is null && upstream.PrivateNames.Count > 0
            ? throw new SettingException(
                $"{section}.private.registry", "", $"the address of a registry, as {section}.private.names has names")
            : upstream;
    }

    private static Uri AddressOf(Settings settings, string key)
    {
        var value = settings.Text(key);
        return Uri.TryCreate(value.EndsWith('/') ? value : $"{value}/", UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && address is { Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 }
            ? address
            : throw new SettingException(key, value, "an address that begins with https:// or http://, without user, query and fragment");
    }

    private static string HostOf(string key, string host) =>
        Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var address)
        && address is { AbsolutePath: "/", UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            ? Upstream.HostOf(address)
            : throw new SettingException(key, host, "the names of hosts, each with :PORT unless that is the scheme's own");

    private static NamePattern[] Patterns(Settings settings, string key) =>
    [
        .. settings.List(key).Select(text => NamePattern.Parse(text)
            ?? throw new SettingException(key, text, "names of libraries, such as lodash, @acme/*, pypi:numpy")),
    ];
}
