namespace Faas.Bench.Libraries;

/// <summary>The parts of an upload, by the moments at which the lines of its log came.</summary>
/// <param name="Resolve">pip: until the versions were chosen. pnpm chooses and installs at once: null.</param>
/// <param name="Install">Until the libraries were installed. Of Python, 0 where the layer of the chosen versions was there already.</param>
/// <param name="Rest">npm: the bundle. Python: the layer. Both: the check in a sandbox, and the store.</param>
/// <param name="Libraries">What was installed, with versions.</param>
internal sealed record UploadLog(TimeSpan? Resolve, TimeSpan Install, TimeSpan Rest, IReadOnlyList<string> Libraries)
{
    private const string Chosen = "Would install ";
    private const string Installed = "Successfully installed ";
    private const string Done = "Done in ";
    private const string Added = "+ ";

    /// <summary>Reads a log. Throws <see cref="BenchException"/> when it has no line that ends an installation.</summary>
    /// <param name="lines">Each line with its moment after the upload's begin.</param>
    /// <param name="whole">How long the upload took.</param>
    public static UploadLog Read(IReadOnlyList<(TimeSpan At, string Text)> lines, TimeSpan whole)
    {
        var chosen = lines.FirstOrDefault(line => line.Text.StartsWith(Chosen, StringComparison.Ordinal));
        var installed = lines.LastOrDefault(line =>
            line.Text.StartsWith(Installed, StringComparison.Ordinal) || line.Text.StartsWith(Done, StringComparison.Ordinal));
        var end = installed.Text is null ? chosen : installed;
        if (end.Text is null)
        {
            throw new BenchException($"The log of an upload does not say when its libraries were installed: {string.Join(" | ", lines)}");
        }

        var libraries = chosen.Text is null
            ? lines.Where(line => line.Text.StartsWith(Added, StringComparison.Ordinal)).Select(line => line.Text[Added.Length..])
            : chosen.Text[Chosen.Length..].Split(' ');
        return new UploadLog(
            chosen.Text is null ? null : chosen.At, end.At - chosen.At, whole - end.At, [.. libraries]);
    }
}
