namespace Faas.Bench.Reports;

/// <summary>A line of the table of ratios: one figure beside the one that it is compared with, in words.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Beside">The other, with its way's name.</param>
/// <param name="Share">Our figure as a part of the other.</param>
/// <param name="Target">The target.</param>
/// <param name="Met">Whether it is met.</param>
internal sealed record Ratio(string What, string Ours, string Beside, string Share, string Target, bool Met)
{
    public static MarkdownTable TableOf(IEnumerable<Ratio> ratios) => MarkdownTable.Of(
        ratios,
        ("", ratio => ratio.What),
        ("measured", ratio => ratio.Ours),
        ("beside", ratio => ratio.Beside),
        ("ratio", ratio => ratio.Share),
        ("target", ratio => ratio.Target),
        ("met", ratio => ratio.Met ? "yes" : "no"));
}

/// <summary>Two figures, and what is wanted of ours.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Unit">Its unit, with a space before it.</param>
/// <param name="Theirs">The other figure; null: there is none.</param>
/// <param name="Beside">The other figure in words.</param>
/// <param name="LessIsBetter">True of times, false of rates.</param>
/// <param name="Share">What part or how many times the other it must reach; null: that is no target.</param>
/// <param name="Limit">What our figure must reach by itself, in its unit; null: nothing.</param>
/// <param name="Note">What is to be said of our figure.</param>
internal sealed record Comparison(
    string What,
    double Ours,
    string Unit,
    double? Theirs,
    string Beside,
    bool LessIsBetter,
    double? Share = null,
    double? Limit = null,
    string Note = "")
{
    /// <summary>The line of the table.</summary>
    public Ratio Judge()
    {
        var sign = LessIsBetter ? '≤' : '≥';
        var share = Ours / Theirs;
        string?[] targets =
        [
            Limit is { } limit ? $"{sign} {Figures.Three(limit)}{Unit}" : null,
            Share is { } wanted ? $"{sign} {Figures.Three(wanted)}×" : null,
        ];
        return new Ratio(
            What,
            $"{Figures.Three(Ours)}{Unit}{Note}",
            Beside,
            share is { } part ? $"{Figures.Three(part)}×" : Figures.None,
            string.Join(", ", targets.OfType<string>()),
            Reaches(Ours, Limit) && Reaches(share, Share));
    }

    private bool Reaches(double? figure, double? limit) => limit is null || (LessIsBetter ? figure <= limit : figure >= limit);
}
