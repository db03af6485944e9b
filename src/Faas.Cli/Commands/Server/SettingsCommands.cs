using System.CommandLine;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Server;

/// <summary><c>faas settings</c> and <c>faas reload</c>: the settings of the server.</summary>
internal static class SettingsCommands
{
    /// <summary>Makes the first.</summary>
    public static Command Show()
    {
        var prefix = new Argument<string?>(CommandBuilding.Prefix)
        {
            Description = "what the keys begin with",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Command("settings", "shows the settings of the server, and where each was written") { prefix }
            .Example("faas settings", "faas settings faas.pool")
            .Does(async call =>
            {
                var all = await call.Client.Server.GetSettingsAsync(call.Cancellation);
                Setting[] settings = [.. all.Where(setting => setting.Key.StartsWith(call.Get(prefix) ?? "", StringComparison.Ordinal))];
                if (call.Terminal.IsJson)
                {
                    call.Terminal.Json(settings, CliJson.Default.IReadOnlyListSetting);
                    return ExitCode.Ok;
                }

                call.Terminal.Table(
                    ["KEY", "VALUE", "RELOADS", "ORIGIN"],
                    settings.Select(setting => (string[])[setting.Key, setting.Value, setting.Reloads ? "yes" : "", setting.Origin]));
                return ExitCode.Ok;
            });
    }

    /// <summary>Makes the second.</summary>
    public static Command Reload() => new Command("reload", "has the server read its settings anew")
        .Example("faas reload")
        .Does(async call =>
        {
            var report = await call.Client.Server.ReloadAsync(call.Cancellation);
            if (call.Terminal.IsJson)
            {
                call.Terminal.Json(report, CliJson.Default.ReloadReport);
                return ExitCode.Ok;
            }

            call.Terminal.Table(
                ["KEY", "FROM", "TO", "IN FORCE"],
                report.Changed.Select(change => Row(change, "now"))
                    .Concat(report.AtNextStart.Select(change => Row(change, "at the next start"))));
            foreach (var notice in report.Notices)
            {
                call.Terminal.Note(notice);
            }

            return ExitCode.Ok;
        });

    private static string[] Row(SettingChange change, string when) => [change.Key, change.From, change.To, when];
}
