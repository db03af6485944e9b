using Faas.Bench.Rounds;

namespace Faas.Bench.Reports;

/// <summary>What goes through one stream, by the time of whole calls.</summary>
/// <param name="Megabytes">Millions of bytes of stdout a second.</param>
/// <param name="Lines">Lines a second.</param>
internal sealed record StreamRates(double Megabytes, double Lines)
{
    /// <summary>Of a cell whose function prints and whose calls were answered.</summary>
    public static StreamRates Of(Cell cell)
    {
        var printed = cell.Workload.Printed!;
        return new StreamRates(printed.Bytes * cell.PerSecond / 1e6, printed.Lines * cell.PerSecond);
    }
}
