namespace Faas.Bench.Reports;

/// <summary>A line of the table of ratios: one figure beside the one that it is compared with, in words.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Beside">The other, with its way's name.</param>
/// <param name="Times">How many times better ours is, or what part of the other.</param>
/// <param name="Target">The target.</param>
/// <param name="Met">Whether it is met.</param>
internal sealed record Ratio(string What, string Ours, string Beside, string Times, string Target, bool Met)
{
    public static MarkdownTable TableOf(IEnumerable<Ratio> ratios) => MarkdownTable.Of(
        ratios,
        ("", ratio => ratio.What),
        ("measured", ratio => ratio.Ours),
        ("beside", ratio => ratio.Beside),
        ("ratio", ratio => ratio.Times),
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
/// <param name="Limit">What our figure must reach by itself, in its unit; null: nothing.</param>
/// <param name="Times">How many times better than the other it must be; null: that is no target.</param>
/// <param name="Share">What part of the other it must reach; null: that is no target.</param>
/// <param name="IsToldAsShare">True: it is told as a part of the other; false: as how many times better, unless there is a share.</param>
/// <param name="Note">What is to be said of our figure.</param>
internal sealed record Comparison(
    string What,
    double Ours,
    string Unit,
    double? Theirs,
    string Beside,
    bool LessIsBetter,
    double? Limit = null,
    double? Times = null,
    double? Share = null,
    bool IsToldAsShare = false,
    string Note = "")
{
    /// <summary>The line of the table.</summary>
    public Ratio Judge()
    {
        var sign = LessIsBetter ? '≤' : '≥';
        var share = Ours / Theirs;
        var times = LessIsBetter ? Theirs / Ours : share;
        string?[] targets =
        [
            Limit is { } limit ? $"{sign} {Figures.Three(limit)}{Unit}" : null,
            Times is { } wanted ? $"≥ {Figures.Three(wanted)}×" : null,
            Share is { } part ? $"{sign} {part:0.0} of it" : null,
        ];
        return new Ratio(
            What,
            $"{Figures.Three(Ours)}{Unit}{Note}",
            Beside,
            Theirs is null ? Figures.None : IsToldAsShare || Share is not null ? $"{share:0.00} of it" : $"{Figures.Three(times!.Value)}×",
            string.Join(", ", targets.OfType<string>()),
            Reaches(Ours, Limit) && Reaches(share, Share) && (Times is null || times >= Times));
    }

    private bool Reaches(double? figure, double? limit) => limit is null || (LessIsBetter ? figure <= limit : figure >= limit);
}
