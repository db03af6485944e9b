using Faas.Actors.Scripts;
using Faas.Bench.Rounds;
using Faas.Bench.Workloads;

namespace Faas.Bench.Reports;

/// <summary>Finds a cell among those of a run.</summary>
internal sealed record Results(IReadOnlyList<Cell> Cells)
{
    /// <summary>The ways in the order in which they were measured.</summary>
    public IReadOnlyList<string> Ways => [.. Cells.Select(cell => cell.Way).Distinct()];

    /// <summary>The hello of a way; null: it was not measured, or not one call was right.</summary>
    public Cell? Hello(string way, Language language, int callers) => Find(way, Cases.Hello, language, callers);

    public Cell? Find(string way, string name, Language language, int callers) => Cells.FirstOrDefault(cell =>
        cell.Way == way && cell.Callers == callers && cell.Closed.Count > 0
        && cell.Workload.Case == name && cell.Workload.Language == language);
}
