namespace Faas.Bench;

/// <summary>Tells on stderr what is measured now, since a run takes minutes.</summary>
internal static class Progress
{
    /// <summary>A line with the time.</summary>
    public static void Measuring(string what) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} measuring {what}");
}
