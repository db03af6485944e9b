using System.Globalization;
using Faas.Actors.Json;
using Faas.Bench.Launches;
using Faas.Bench.Warm;
using Faas.Bench.Ways;

namespace Faas.Bench.Reports;

/// <summary>What is measured of our server and its sandboxes alone.</summary>
internal static class OwnTables
{
    /// <summary>How long the server takes to start, and what it holds when it is idle.</summary>
    public static MarkdownTable Server(BenchReport report)
    {
        var table = new MarkdownTable("", "");
        table.Add("start until it listens", Starts(report, start => start.Listening));
        table.Add("start until /readyz says 200", Starts(report, start => start.Ready));
        table.Add("start until /run-now has answered", Starts(report, start => start.FirstCall));
        foreach (var process in report.Idle.GroupBy(one => one.Process).OrderByDescending(group => group.Sum(one => one.Bytes)))
        {
            table.Add($"idle memory: {process.Key} × {process.Count()}", $"{Figures.Mebibytes(process.Sum(one => one.Bytes))} MiB");
        }

        return table.Add("idle memory: server, store and spares", $"{Figures.Mebibytes(report.Idle.Sum(process => process.Bytes))} MiB");
    }

    /// <summary>Each kind of sandbox beside plain bubblewrap.</summary>
    public static MarkdownTable Launches(IEnumerable<LaunchTimes> launches) => MarkdownTable.Of(
        launches,
        ("a sandbox", launch => launch.Kind),
        ("pairs", launch => Figures.Count(launch.Start.Pairs)),
        ("start ms", launch => Figures.Milliseconds(launch.Start.Ours)),
        ("plain bwrap", launch => Figures.Milliseconds(launch.Start.Plain)),
        ("difference", launch => Figures.Milliseconds(launch.Start.Overhead)),
        ("start and end ms", launch => Figures.Milliseconds(launch.Whole.Ours)),
        ("plain bwrap", launch => Figures.Milliseconds(launch.Whole.Plain)),
        ("difference", launch => Figures.Milliseconds(launch.Whole.Overhead)));

    /// <summary>Many warm sandboxes: a line for each language, and two about all.</summary>
    public static string Warm(WarmTimes warm)
    {
        var table = MarkdownTable.Of(
            warm.Languages,
            ("language", one => one.Language.ToWire()),
            ("MiB of each", one => one.Bytes == 0 ? Figures.None : Figures.Three(one.Bytes / 1048576.0)),
            ("first call ms, few warm", one => Figures.Milliseconds(one.FirstOfFew)),
            ("all warm", one => Figures.Milliseconds(one.FirstOfMany)),
            ("warm call ms", one => Figures.Milliseconds(one.WarmCall)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {warm.Alive} of {warm.Asked} sandboxes were warm, {warm.Failed} calls failed. The machine had {warm.MachineBytes >> 20} MiB less
            for them. The server ended with all of them in {Figures.Three(warm.Shutdown.TotalSeconds)} s.

            {table}
            """);
    }

    private static string Starts(BenchReport report, Func<StartTimes, TimeSpan> part) =>
        string.Join(", ", report.Starts.Select(start => part(start).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture))) + " ms";
}
