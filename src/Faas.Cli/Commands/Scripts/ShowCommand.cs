using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Scripts;

/// <summary><c>faas show PATH</c>: what a script is, or a version of it, or its code.</summary>
internal static class ShowCommand
{
    /// <summary>Makes it.</summary>
    public static Command Make()
    {
        var path = new Argument<string>("PATH") { Description = "the script; PATH@VERSION names a version by its number or an alias" }
            .CompletesScripts(andVersions: true);
        var code = new Option<bool>("--code", "-c") { Description = "shows the code alone, as it was stored" };
        return new Command("show", "shows what a script is, or its code") { path, code }
            .Example("faas show math/add", "faas show math/add@stable --code > add.py")
            .Does(call =>
            {
                var (script, version) = ScriptName.Split(call.Get(path)!);
                return call.Get(code) ? CodeAsync(call, script, version)
                    : version is null ? ScriptAsync(call, script)
                    : VersionAsync(call, script, version);
            });
    }

    private static async Task<int> CodeAsync(Call call, string path, string? version)
    {
        var sources = await SourcesAsync(call, path, version);
        if (sources is { Entry: not null })
        {
            Show(call.Terminal, path, version, sources);
            return ExitCode.Ok;
        }

        var code = await call.Client.Scripts.GetCodeAsync(path, version ?? "latest", call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(WithLock(new JsonObject { ["path"] = path, ["version"] = version ?? "latest", ["code"] = code }, sources));
            return ExitCode.Ok;
        }

        call.Terminal.Out.Write(code);
        return ExitCode.Ok;
    }

    // A server from before there were trees has no such route; that there is no such script is said when its code is asked for.
    private static async Task<ScriptSources?> SourcesAsync(Call call, string path, string? version)
    {
        try
        {
            return await call.Client.Scripts.GetSourcesAsync(path, version ?? "latest", call.Cancellation);
        }
        catch (FaasException missing) when (missing.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    // Several files as head(1) shows them.
    private static void Show(Terminal terminal, string path, string? version, ScriptSources sources)
    {
        if (terminal.IsJson)
        {
            terminal.Json(WithLock(new JsonObject
            {
                ["path"] = path,
                ["version"] = version ?? "latest",
                ["entry"] = sources.Entry,
                ["sources"] = new JsonArray([.. sources.Sources.Select(JsonOf)]),
            }, sources));
            return;
        }

        foreach (var (place, file) in sources.Sources.Index())
        {
            var text = file.Text ?? $"({Figures.Size(file.ToBytes().Length)} that are no text)\n";
            terminal.Out.Write($"{(place == 0 ? "" : "\n")}==> {file.Name} <==\n{text}{(text.EndsWith('\n') ? "" : "\n")}");
        }
    }

    private static JsonObject WithLock(JsonObject shown, ScriptSources? sources)
    {
        if (sources?.Lock is { } text)
        {
            shown["lock"] = text;
        }

        return shown;
    }

    private static JsonNode JsonOf(TreeFile file) => file.Text is null
        ? new JsonObject { ["name"] = file.Name, ["base64"] = file.Base64 }
        : new JsonObject { ["name"] = file.Name, ["text"] = file.Text };

    private static async Task<int> ScriptAsync(Call call, string path)
    {
        var script = await call.Client.Scripts.GetAsync(path, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(script, CliJson.Default.Script);
            return ExitCode.Ok;
        }

        var sources = await SourcesAsync(call, path, Figures.Count(script.Latest.Version));

        call.Terminal.Details(
        [
            ("path", script.Path),
            ("enabled", script.Enabled ? "yes" : "no"),
            ("versions", $"{script.Versions}, the oldest of {Figures.Moment(script.Created)}"),
            ("kept", script.Keep is { } keep ? Of(keep) : "as the server says"),
            .. script.Aliases.Select(alias => ("alias", $"{alias.Name} = {AliasText.Of(alias)}")),
            ("latest", Figures.Count(script.Latest.Version)),
            .. Of(script.Latest),
            .. LibrariesOf(sources),
        ]);
        return ExitCode.Ok;
    }

    private static async Task<int> VersionAsync(Call call, string path, string name)
    {
        var version = await call.Client.Scripts.GetVersionAsync(path, name, call.Cancellation);
        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(version, CliJson.Default.ScriptVersion);
            return ExitCode.Ok;
        }

        var sources = await SourcesAsync(call, path, Figures.Count(version.Version));
        call.Terminal.Details(
            [("path", path), ("version", Figures.Count(version.Version)), .. Of(version), .. LibrariesOf(sources)]);
        return ExitCode.Ok;
    }

    private static IEnumerable<(string Name, string Value)> Of(ScriptVersion version) =>
    [
        ("language", version.Language),
        ("uploaded", Figures.Moment(version.Uploaded)),
        ("code", $"{Figures.Size(version.Bytes)}, SHA-256 {version.Hash}"),
        .. version.Settings.ToJson().Select(setting => (setting.Key, SettingText.Of(setting.Key, setting.Value!))),
    ];

    // What the lock has; the declarations are among the settings and in the code.
    private static IEnumerable<(string Name, string Value)> LibrariesOf(ScriptSources? sources) => sources?.Lock is { } text
        ? [("libraries", string.Join(", ", LockText.LibrariesOf(text)))]
        : [];

    private static string Of(Retention keep) => (keep.Newest, keep.Days) switch
    {
        ({ } newest, { } days) => $"the newest {newest}, and those of the last {days} days",
        ({ } newest, null) => $"the newest {newest}",
        (null, { } days) => $"those of the last {days} days",
        _ => "all",
    };
}
