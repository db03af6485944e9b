using System.Text.Json;
using System.Text.Json.Nodes;
using Faas.Cli.GoFaas;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Moving;

/// <summary>Says what became of the scripts of an archive.</summary>
internal static class ImportText
{
    /// <summary>Says it; what the process ends with.</summary>
    public static int Tell(Terminal terminal, ImportReport report, IReadOnlyList<GoFaasUnread> unread)
    {
        if (terminal.IsJson)
        {
            var json = JsonSerializer.SerializeToNode(report, CliJson.Default.ImportReport)!.AsObject();
            foreach (var (path, why) in unread)
            {
                json["leftOut"]!.AsArray().Add((JsonNode)new JsonObject { ["path"] = path, ["why"] = why });
            }

            terminal.Json(json);
        }
        else
        {
            foreach (var line in Lines(report, unread))
            {
                terminal.Out.WriteLine(Columns.OnOneLine(line));
            }
        }

        if (report.Refused.Count + report.LeftOut.Count + unread.Count == 0)
        {
            return ExitCode.Ok;
        }

        terminal.Incomplete("Not all was taken.");
        return ExitCode.Failed;
    }

    private static IEnumerable<string> Lines(ImportReport report, IReadOnlyList<GoFaasUnread> unread) =>
    [
        .. report.Taken.Select(script => $"taken     {script.Path}  {script.Versions} versions"),
        .. report.Refused.Select(script => $"refused   {script.Path}  {script.Why}"),
        .. report.LeftOut.Select(version => $"left out  {version.Path}  {version.Why}"),
        .. unread.Select(one => $"left out  {one.Path}  {one.Why}"),
        (report.DryRun ? "Nothing was stored; this is what an import would do. " : "")
            + $"Taken: {report.Taken.Count}, there already: {report.There.Count}, "
            + $"refused: {report.Refused.Count}, left out: {report.LeftOut.Count + unread.Count}.",
    ];
}
