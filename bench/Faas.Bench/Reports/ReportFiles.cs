using System.Globalization;

namespace Faas.Bench.Reports;

/// <summary>Where a run's report goes: stdout, and, when a folder is named, files in it that are named by the date.</summary>
internal static class ReportFiles
{
    /// <summary>The name of a run's files, without their ends.</summary>
    public static string NameOf(Conditions conditions) => conditions.Begun.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Prints, and writes what is kept.</summary>
    /// <param name="text">The report.</param>
    /// <param name="folder">Where it is kept; null: nowhere.</param>
    /// <param name="name">The report's file.</param>
    /// <param name="others">Files beside it.</param>
    public static void Publish(string text, string? folder, string name, params (string Name, string Text)[] others)
    {
        Console.Write(text);
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            foreach (var (file, content) in others.Prepend((name, text)))
            {
                File.WriteAllText(Path.Combine(folder, file), content);
            }
        }
    }
}
