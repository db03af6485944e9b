using System.Globalization;
using Faas.Bench.Scale;
using Faas.Bench.Settings;

namespace Faas.Bench.Reports;

/// <summary>Where a run's report goes: stdout, and, when a folder is named, <c>DATE.md</c> and <c>DATE.svg</c> in it.</summary>
internal static class ReportFiles
{
    /// <summary>Prints, and writes <c>DATE-scale.md</c>.</summary>
    public static void Publish(ScaleReport report, BenchArguments asked)
    {
        var text = ScaleMarkdown.Whole(report);
        Console.Write(text);
        if (asked.Results is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{report.Begun.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}-scale.md"), text);
        }
    }

    /// <summary>Prints and writes.</summary>
    public static void Publish(BenchReport report, BenchArguments asked)
    {
        var name = report.Begun.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var text = asked.Scope == BenchScope.Quick ? MarkdownReport.Ratios(report) : MarkdownReport.Whole(report, $"{name}.svg");
        Console.Write(text);
        if (asked.Results is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"{name}.md"), text);
            File.WriteAllText(Path.Combine(folder, $"{name}.svg"), SpeedPlot.Draw(report.Cells));
        }
    }
}
