using System.Globalization;
using System.Net;
using System.Text;
using Faas.Actors.Json;
using Faas.Bench.Rounds;
using Faas.Bench.Workloads;

namespace Faas.Bench.Reports;

/// <summary>The hello of each way and language as bars, on logarithmic scales: time of a call, and calls a second.</summary>
internal static class SpeedPlot
{
    private const int Width = 760;
    private const int Left = 250;
    private const int BarHeight = 16;
    private const int Gap = 6;
    private const int HeadHeight = 44;
    private static readonly string[] s_colours =
        ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#777777", "#ee8866", "#44aa99", "#332288"];

    public static string Draw(IReadOnlyList<Cell> cells)
    {
        var results = new Results(cells);
        var latencies = Bars(results, 1, cell => cell.Closed.Percentile(0.5)?.TotalMilliseconds);
        var rates = Bars(results, 8, cell => cell.PerSecond);
        var panels = new StringBuilder();
        var height = Panel(panels, 0, "hello, one at once: p50 in ms (less is better)", latencies);
        height = Panel(panels, height, "hello, eight at once: calls a second (more is better)", rates);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height + Gap}" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#ffffff"/>
            {panels}</svg>

            """);
    }

    /// <summary>How far along a logarithmic axis a value lies, 0 to 1. The axis begins at the power of ten below the least value.</summary>
    public static double Place(double value, double least, double most)
    {
        var begin = Math.Floor(Math.Log10(least) - 1e-9);
        var end = Math.Log10(most);
        return end <= begin ? 1 : (Math.Log10(value) - begin) / (end - begin);
    }

    private static List<Bar> Bars(Results results, int callers, Func<Cell, double?> value) =>
    [
        .. from language in Cases.Languages
           from way in results.Ways.Select((name, index) => (Name: name, Colour: s_colours[index % s_colours.Length]))
           let cell = results.Hello(way.Name, language, callers)
           where cell is not null
           let figure = value(cell)
           where figure > 0
           select new Bar($"{language.ToWire()}, {way.Name}", figure.Value, way.Colour),
    ];

    private static int Panel(StringBuilder svg, int top, string title, List<Bar> bars)
    {
        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"""<text x="10" y="{top + 28}" font-size="14" font-weight="bold">{WebUtility.HtmlEncode(title)}</text>""");
        var y = top + HeadHeight;
        foreach (var bar in bars)
        {
            var width = Math.Max(2, (Width - Left - 80) * Place(bar.Value, bars.Min(one => one.Value), bars.Max(one => one.Value)));
            Line($"""<text x="{Left - 8}" y="{y + 12}" text-anchor="end">{WebUtility.HtmlEncode(bar.Label)}</text>""");
            Line($"""<rect x="{Left}" y="{y}" width="{width:0.0}" height="{BarHeight}" fill="{bar.Colour}"/>""");
            Line($"""<text x="{Left + width + 6:0.0}" y="{y + 12}">{Figures.Three(bar.Value)}</text>""");
            y += BarHeight + Gap;
        }

        return y;
    }

    private sealed record Bar(string Label, double Value, string Colour);
}
